import { describeProvider } from '../../conformance/index.js';
import { route53World } from './route53-world.fake.js';

describeProvider('route53: Amazon Route 53', () => route53World());
