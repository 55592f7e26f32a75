import { defineProvider } from '../../spi/index.js';
import { AzurednsAdapter } from './adapter.js';
import { azurednsAudit } from './audit.js';
import { azurednsCredential } from './credential.js';
import { azurednsDescriptor } from './descriptor.js';

export const azuredns = defineProvider({
  descriptor: azurednsDescriptor,
  credential: azurednsCredential,
  audit: azurednsAudit,
  open: (credential, ports) => new AzurednsAdapter(credential, ports),
});
