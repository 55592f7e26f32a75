import { defineProvider } from '../../spi/index.js';
import { NamecomAdapter } from './adapter.js';
import { namecomAudit } from './audit.js';
import { namecomCredential } from './credential.js';
import { namecomDescriptor } from './descriptor.js';

export const namecom = defineProvider({
  descriptor: namecomDescriptor,
  credential: namecomCredential,
  audit: namecomAudit,
  open: (login, ports) => new NamecomAdapter(login, ports),
});
