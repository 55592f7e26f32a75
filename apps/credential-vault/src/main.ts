import 'reflect-metadata';
import { runService } from '@connect/messaging';
import { credentialVault } from './credential-vault.module.js';

await runService(credentialVault, process.argv.slice(2), process.env);
