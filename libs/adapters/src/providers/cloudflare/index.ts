import { defineProvider } from '../../spi/index.js';
import { CloudflareAdapter } from './adapter.js';
import { cloudflareAudit } from './audit.js';
import { cloudflareCredential } from './credential.js';
import { cloudflareDescriptor } from './descriptor.js';

export const cloudflare = defineProvider({
  descriptor: cloudflareDescriptor,
  credential: cloudflareCredential,
  audit: cloudflareAudit,
  open: (token, ports) => new CloudflareAdapter(token, ports),
});
