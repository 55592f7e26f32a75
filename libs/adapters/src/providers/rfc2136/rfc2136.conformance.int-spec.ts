import { describeProvider } from '../../conformance/index.js';
import { rfc2136World } from './rfc2136.fake.js';

describeProvider('rfc2136: Knot', () => rfc2136World('Knot'));
describeProvider('rfc2136: BIND', () => rfc2136World('BIND'));
