import { defineProvider } from '../../spi/index.js';
import { HetznerAdapter } from './adapter.js';
import { hetznerAudit } from './audit.js';
import { hetznerCredential } from './credential.js';
import { hetznerDescriptor } from './descriptor.js';

export const hetzner = defineProvider({
  descriptor: hetznerDescriptor,
  credential: hetznerCredential,
  audit: hetznerAudit,
  open: (token, ports) => new HetznerAdapter(token, ports),
});
