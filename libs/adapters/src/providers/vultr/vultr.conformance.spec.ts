import { describeProvider } from '../../conformance/index.js';
import { vultrWorld } from './vultr-world.fake.js';

describeProvider('vultr', () => vultrWorld());
