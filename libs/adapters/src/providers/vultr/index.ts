import { defineProvider } from '../../spi/index.js';
import { VultrAdapter } from './adapter.js';
import { vultrAudit } from './audit.js';
import { vultrCredential } from './credential.js';
import { vultrDescriptor } from './descriptor.js';

export const vultr = defineProvider({
  descriptor: vultrDescriptor,
  credential: vultrCredential,
  audit: vultrAudit,
  open: (key, ports) => new VultrAdapter(key, ports),
});
