import { defineProvider } from '../../spi/index.js';
import { NetlifyAdapter } from './adapter.js';
import { netlifyAudit } from './audit.js';
import { netlifyCredential } from './credential.js';
import { netlifyDescriptor } from './descriptor.js';

export const netlify = defineProvider({
  descriptor: netlifyDescriptor,
  credential: netlifyCredential,
  audit: netlifyAudit,
  open: (token, ports) => new NetlifyAdapter(token, ports),
});
