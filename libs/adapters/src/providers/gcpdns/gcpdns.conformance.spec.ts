import { describeProvider } from '../../conformance/index.js';
import { gcpdnsWorld } from './gcpdns-world.fake.js';

describeProvider('gcpdns', gcpdnsWorld);
