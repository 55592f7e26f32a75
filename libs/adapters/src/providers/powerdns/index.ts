import { defineProvider } from '../../spi/index.js';
import { PowerdnsAdapter } from './adapter.js';
import { powerdnsAudit } from './audit.js';
import { powerdnsCredential, serversOf } from './credential.js';
import { powerdnsDescriptor } from './descriptor.js';

export const powerdns = defineProvider({
  descriptor: powerdnsDescriptor,
  credential: powerdnsCredential,
  audit: powerdnsAudit,
  servers: serversOf,
  open: (credential, ports) => new PowerdnsAdapter(credential, ports),
});
