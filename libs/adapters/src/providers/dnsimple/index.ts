import { defineProvider } from '../../spi/index.js';
import { DnsimpleAdapter } from './adapter.js';
import { dnsimpleAudit } from './audit.js';
import { dnsimpleCredential } from './credential.js';
import { dnsimpleDescriptor } from './descriptor.js';

export const dnsimple = defineProvider({
  descriptor: dnsimpleDescriptor,
  credential: dnsimpleCredential,
  audit: dnsimpleAudit,
  open: (token, ports) => new DnsimpleAdapter(token, ports),
});
