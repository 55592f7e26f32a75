import { defineProvider } from '../../spi/index.js';
import { DigitaloceanAdapter } from './adapter.js';
import { digitaloceanAudit } from './audit.js';
import { digitaloceanCredential } from './credential.js';
import { digitaloceanDescriptor } from './descriptor.js';

export const digitalocean = defineProvider({
  descriptor: digitaloceanDescriptor,
  credential: digitaloceanCredential,
  audit: digitaloceanAudit,
  open: (token, ports) => new DigitaloceanAdapter(token, ports),
});
