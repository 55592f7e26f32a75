import { defineProvider } from '../../spi/index.js';
import { NamecheapAdapter } from './adapter.js';
import { namecheapAudit } from './audit.js';
import { namecheapCredential } from './credential.js';
import { namecheapDescriptor } from './descriptor.js';

export const namecheap = defineProvider({
  descriptor: namecheapDescriptor,
  credential: namecheapCredential,
  audit: namecheapAudit,
  open: (credential, ports) => new NamecheapAdapter(credential, ports),
});
