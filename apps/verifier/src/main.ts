import 'reflect-metadata';
import { runService } from '@connect/messaging';
import { verifier } from './verifier.module.js';

await runService(verifier, process.argv.slice(2), process.env);
