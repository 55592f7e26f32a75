import 'reflect-metadata';
import { runService } from '@connect/messaging';
import { dnsWorker } from './dns-worker.module.js';

await runService(dnsWorker, process.argv.slice(2), process.env);
