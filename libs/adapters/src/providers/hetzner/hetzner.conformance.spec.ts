import { describeProvider } from '../../conformance/index.js';
import { hetznerWorld } from './hetzner-world.fake.js';

describeProvider('hetzner', hetznerWorld);
