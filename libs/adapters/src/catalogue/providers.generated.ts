// Made by `npm run generate`; do not edit.
import type { CredentialForm, ProviderDescriptor } from '../spi/index.js';
import { cloudflareCredential } from '../providers/cloudflare/credential.js';
import { cloudflareDescriptor } from '../providers/cloudflare/descriptor.js';
import { desecCredential } from '../providers/desec/credential.js';
import { desecDescriptor } from '../providers/desec/descriptor.js';
import { digitaloceanCredential } from '../providers/digitalocean/credential.js';
import { digitaloceanDescriptor } from '../providers/digitalocean/descriptor.js';
import { dnsimpleCredential } from '../providers/dnsimple/credential.js';
import { dnsimpleDescriptor } from '../providers/dnsimple/descriptor.js';
import { gandiCredential } from '../providers/gandi/credential.js';
import { gandiDescriptor } from '../providers/gandi/descriptor.js';
import { gcpdnsCredential } from '../providers/gcpdns/credential.js';
import { gcpdnsDescriptor } from '../providers/gcpdns/descriptor.js';
import { hetznerCredential } from '../providers/hetzner/credential.js';
import { hetznerDescriptor } from '../providers/hetzner/descriptor.js';
import { linodeCredential } from '../providers/linode/credential.js';
import { linodeDescriptor } from '../providers/linode/descriptor.js';
import { namecheapCredential } from '../providers/namecheap/credential.js';
import { namecheapDescriptor } from '../providers/namecheap/descriptor.js';
import { namecomCredential } from '../providers/namecom/credential.js';
import { namecomDescriptor } from '../providers/namecom/descriptor.js';
import { netlifyCredential } from '../providers/netlify/credential.js';
import { netlifyDescriptor } from '../providers/netlify/descriptor.js';
import { porkbunCredential } from '../providers/porkbun/credential.js';
import { porkbunDescriptor } from '../providers/porkbun/descriptor.js';
import { powerdnsCredential } from '../providers/powerdns/credential.js';
import { powerdnsDescriptor } from '../providers/powerdns/descriptor.js';
import { rfc2136Credential } from '../providers/rfc2136/credential.js';
import { rfc2136Descriptor } from '../providers/rfc2136/descriptor.js';
import { route53Credential } from '../providers/route53/credential.js';
import { route53Descriptor } from '../providers/route53/descriptor.js';
import { vercelCredential } from '../providers/vercel/credential.js';
import { vercelDescriptor } from '../providers/vercel/descriptor.js';
import { vultrCredential } from '../providers/vultr/credential.js';
import { vultrDescriptor } from '../providers/vultr/descriptor.js';

export const credentialProviders: readonly { descriptor: ProviderDescriptor; credential: CredentialForm<unknown> }[] = [
  { descriptor: cloudflareDescriptor, credential: cloudflareCredential },
  { descriptor: desecDescriptor, credential: desecCredential },
  { descriptor: digitaloceanDescriptor, credential: digitaloceanCredential },
  { descriptor: dnsimpleDescriptor, credential: dnsimpleCredential },
  { descriptor: gandiDescriptor, credential: gandiCredential },
  { descriptor: gcpdnsDescriptor, credential: gcpdnsCredential },
  { descriptor: hetznerDescriptor, credential: hetznerCredential },
  { descriptor: linodeDescriptor, credential: linodeCredential },
  { descriptor: namecheapDescriptor, credential: namecheapCredential },
  { descriptor: namecomDescriptor, credential: namecomCredential },
  { descriptor: netlifyDescriptor, credential: netlifyCredential },
  { descriptor: porkbunDescriptor, credential: porkbunCredential },
  { descriptor: powerdnsDescriptor, credential: powerdnsCredential },
  { descriptor: rfc2136Descriptor, credential: rfc2136Credential },
  { descriptor: route53Descriptor, credential: route53Credential },
  { descriptor: vercelDescriptor, credential: vercelCredential },
  { descriptor: vultrDescriptor, credential: vultrCredential },
];
