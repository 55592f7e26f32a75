import { defineProvider } from '../../spi/index.js';
import { VercelAdapter } from './adapter.js';
import { vercelAudit } from './audit.js';
import { vercelCredential } from './credential.js';
import { vercelDescriptor } from './descriptor.js';

export const vercel = defineProvider({
  descriptor: vercelDescriptor,
  credential: vercelCredential,
  audit: vercelAudit,
  open: (token, ports) => new VercelAdapter(token, ports),
});
