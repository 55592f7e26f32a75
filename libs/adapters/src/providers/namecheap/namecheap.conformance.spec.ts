import { describeProvider } from '../../conformance/index.js';
import { namecheapWorld } from './namecheap-world.fake.js';

describeProvider('namecheap', namecheapWorld);
