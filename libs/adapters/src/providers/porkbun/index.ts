import { defineProvider } from '../../spi/index.js';
import { PorkbunAdapter } from './adapter.js';
import { porkbunAudit } from './audit.js';
import { porkbunCredential } from './credential.js';
import { porkbunDescriptor } from './descriptor.js';

export const porkbun = defineProvider({
  descriptor: porkbunDescriptor,
  credential: porkbunCredential,
  audit: porkbunAudit,
  open: (keys, ports) => new PorkbunAdapter(keys, ports),
});
