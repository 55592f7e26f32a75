import { describeProvider } from '../../conformance/index.js';
import { powerdnsWorld } from './powerdns.fake.js';

describeProvider('powerdns: PowerDNS', powerdnsWorld);
