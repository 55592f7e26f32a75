import { defineProvider } from '../../spi/index.js';
import { Route53Adapter } from './adapter.js';
import { route53Audit } from './audit.js';
import { route53Credential } from './credential.js';
import { route53Descriptor } from './descriptor.js';

export const route53 = defineProvider({
  descriptor: route53Descriptor,
  credential: route53Credential,
  audit: route53Audit,
  open: (credential, ports) => new Route53Adapter(credential, ports),
});
