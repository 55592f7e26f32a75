import { defineProvider } from '../../spi/index.js';
import { IonosAdapter } from './adapter.js';
import { ionosAudit } from './audit.js';
import { ionosCredential } from './credential.js';
import { ionosDescriptor } from './descriptor.js';

export const ionos = defineProvider({
  descriptor: ionosDescriptor,
  credential: ionosCredential,
  audit: ionosAudit,
  open: (key, ports) => new IonosAdapter(key, ports),
});
