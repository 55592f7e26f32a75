import { describeProvider } from '../../conformance/index.js';
import { vercelWorld } from './vercel-world.fake.js';

describeProvider('vercel', () => vercelWorld());
