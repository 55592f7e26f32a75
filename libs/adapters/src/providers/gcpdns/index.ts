import { defineProvider } from '../../spi/index.js';
import { GcpdnsAdapter } from './adapter.js';
import { gcpdnsAudit } from './audit.js';
import { gcpdnsCredential } from './credential.js';
import { gcpdnsDescriptor } from './descriptor.js';

export const gcpdns = defineProvider({
  descriptor: gcpdnsDescriptor,
  credential: gcpdnsCredential,
  audit: gcpdnsAudit,
  open: (credential, ports) => new GcpdnsAdapter(credential, ports),
});
