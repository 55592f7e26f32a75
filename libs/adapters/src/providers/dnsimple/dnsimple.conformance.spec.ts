import { describeProvider } from '../../conformance/index.js';
import { dnsimpleWorld } from './dnsimple-world.fake.js';

describeProvider('dnsimple', () => dnsimpleWorld());
