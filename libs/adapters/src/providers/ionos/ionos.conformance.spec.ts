import { describeProvider } from '../../conformance/index.js';
import { ionosWorld } from './ionos-world.fake.js';

describeProvider('ionos', () => ionosWorld());
