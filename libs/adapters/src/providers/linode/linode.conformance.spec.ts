import { describeProvider } from '../../conformance/index.js';
import { linodeWorld } from './linode-world.fake.js';

describeProvider('linode', () => linodeWorld());
