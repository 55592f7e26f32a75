import { describeProvider } from '../../conformance/index.js';
import { godaddyWorld, goodKey } from './godaddy-world.fake.js';

describeProvider('godaddy', () => godaddyWorld());
describeProvider('godaddy with a key', () => godaddyWorld({ token: goodKey }));
