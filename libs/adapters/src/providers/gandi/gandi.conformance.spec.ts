import { describeProvider } from '../../conformance/index.js';
import { gandiWorld } from './gandi-world.fake.js';

describeProvider('gandi', gandiWorld);
