import { defineProvider } from '../../spi/index.js';
import { Rfc2136Adapter } from './adapter.js';
import { rfc2136Audit } from './audit.js';
import { rfc2136Credential, serversOf } from './credential.js';
import { rfc2136Descriptor } from './descriptor.js';

export const rfc2136 = defineProvider({
  descriptor: rfc2136Descriptor,
  credential: rfc2136Credential,
  audit: rfc2136Audit,
  servers: serversOf,
  open: (credential, ports) => new Rfc2136Adapter(credential, ports),
});
