import { defineProvider } from '../../spi/index.js';
import { DesecAdapter } from './adapter.js';
import { desecAudit } from './audit.js';
import { desecCredential } from './credential.js';
import { desecDescriptor } from './descriptor.js';

export const desec = defineProvider({
  descriptor: desecDescriptor,
  credential: desecCredential,
  audit: desecAudit,
  open: (token, ports) => new DesecAdapter(token, ports),
});
