import { describeProvider } from '../../conformance/index.js';
import { cloudflareWorld } from './cloudflare-world.fake.js';

describeProvider('cloudflare', cloudflareWorld);
