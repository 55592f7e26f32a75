import { describeProvider } from '../../conformance/index.js';
import { digitaloceanWorld } from './digitalocean-world.fake.js';

describeProvider('digitalocean', () => digitaloceanWorld());
