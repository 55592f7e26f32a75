import { defineProvider } from '../../spi/index.js';
import { LinodeAdapter } from './adapter.js';
import { linodeAudit } from './audit.js';
import { linodeCredential } from './credential.js';
import { linodeDescriptor } from './descriptor.js';

export const linode = defineProvider({
  descriptor: linodeDescriptor,
  credential: linodeCredential,
  audit: linodeAudit,
  open: (token, ports) => new LinodeAdapter(token, ports),
});
