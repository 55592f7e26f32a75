// Made by `npm run generate`; do not edit.
import { azuredns } from './providers/azuredns/index.js';
import { cloudflare } from './providers/cloudflare/index.js';
import { desec } from './providers/desec/index.js';
import { digitalocean } from './providers/digitalocean/index.js';
import { dnsimple } from './providers/dnsimple/index.js';
import { gandi } from './providers/gandi/index.js';
import { gcpdns } from './providers/gcpdns/index.js';
import { godaddy } from './providers/godaddy/index.js';
import { hetzner } from './providers/hetzner/index.js';
import { ionos } from './providers/ionos/index.js';
import { linode } from './providers/linode/index.js';
import { namecheap } from './providers/namecheap/index.js';
import { namecom } from './providers/namecom/index.js';
import { netlify } from './providers/netlify/index.js';
import { porkbun } from './providers/porkbun/index.js';
import { powerdns } from './providers/powerdns/index.js';
import { rfc2136 } from './providers/rfc2136/index.js';
import { route53 } from './providers/route53/index.js';
import { vercel } from './providers/vercel/index.js';
import { vultr } from './providers/vultr/index.js';
import type { Provider } from './spi/index.js';

export const allProviders: readonly Provider[] = [azuredns, cloudflare, desec, digitalocean, dnsimple, gandi, gcpdns, godaddy, hetzner, ionos, linode, namecheap, namecom, netlify, porkbun, powerdns, rfc2136, route53, vercel, vultr];
