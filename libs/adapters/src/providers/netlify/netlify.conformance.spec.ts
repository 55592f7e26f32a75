import { describeProvider } from '../../conformance/index.js';
import { netlifyWorld } from './netlify-world.fake.js';

describeProvider('netlify', () => netlifyWorld());
