import { describeProvider } from '../../conformance/index.js';
import { desecWorld } from './desec-world.fake.js';

describeProvider('desec', desecWorld);
