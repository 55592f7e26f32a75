import 'reflect-metadata';
import { runService } from '@connect/messaging';
import { gatewayService } from './gateway.module.js';

await runService(gatewayService(), process.argv.slice(2), process.env);
