import { describeProvider } from '../../conformance/index.js';
import { azurednsWorld } from './azuredns-world.fake.js';

describeProvider('azuredns', azurednsWorld);
