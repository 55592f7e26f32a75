import { describeProvider } from '../describe-provider.js';
import { referenceWorld } from './reference.fake.js';

describeProvider('reference provider', referenceWorld);
