import { describeProvider } from '../../conformance/index.js';
import { porkbunWorld } from './porkbun-world.fake.js';

describeProvider('porkbun', () => porkbunWorld());
