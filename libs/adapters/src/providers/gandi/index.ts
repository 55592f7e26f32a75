import { defineProvider } from '../../spi/index.js';
import { GandiAdapter } from './adapter.js';
import { gandiAudit } from './audit.js';
import { gandiCredential } from './credential.js';
import { gandiDescriptor } from './descriptor.js';

export const gandi = defineProvider({
  descriptor: gandiDescriptor,
  credential: gandiCredential,
  audit: gandiAudit,
  open: (credential, ports) => new GandiAdapter(credential, ports),
});
