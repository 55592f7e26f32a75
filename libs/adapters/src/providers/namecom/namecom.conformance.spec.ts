import { describeProvider } from '../../conformance/index.js';
import { namecomWorld } from './namecom-world.fake.js';

describeProvider('namecom', () => namecomWorld({ pageSize: 100 }));
describeProvider('namecom where only v4 is served', () => namecomWorld({ pageSize: 100, families: ['v4'] }));
