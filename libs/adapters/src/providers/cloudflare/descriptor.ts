import type { ProviderDescriptor } from '../../spi/index.js';
import { cloudflareCredentialDescription } from './credential.js';

export const cloudflareDescriptor: ProviderDescriptor = {
  id: 'cloudflare',
  name: 'Cloudflare',
  links: { console: 'https://dash.cloudflare.com/profile/api-tokens', documentation: 'https://developers.cloudflare.com/api/resources/dns/' },
  granularity: 'record',
  // No ETag and no version: the last writer wins on one record. Other records are never touched, since each is named by its id.
  writeGuard: 'none',
  // One database transaction for a batch.
  atomicWrite: true,
  // Operations of a batch on the Free plan; 3500 on paid ones.
  maxChangesPerWrite: 200,
  partialRead: true,
  settleTimeMs: 2_000,
  callTimeoutMs: 30_000,
  capabilities: {
    types: ['A', 'AAAA', 'CAA', 'CNAME', 'HTTPS', 'MX', 'NS', 'SRV', 'SVCB', 'TXT'],
    apexAlias: 'flattened_cname',
    wildcard: true,
    underscoreNames: true,
    ttl: { minSeconds: 60, maxSeconds: 86_400 },
    nullMx: true,
    srvDotTarget: true,
    caaIssuerCritical: true,
    emptyTxt: false,
    maxTxtBytes: 2_000,
    nonAsciiTxt: false,
    listsZones: true,
  },
  // For a user, over all tokens and the dashboard together; then everything is blocked for five minutes.
  limits: [
    { scope: 'account', calls: 'all', amount: 1_200, windowSeconds: 300 },
    { scope: 'address', calls: 'all', amount: 200, windowSeconds: 1 },
  ],
  hosts: ['api.cloudflare.com'],
  credential: cloudflareCredentialDescription,
  nameServerPatterns: ['*.ns.cloudflare.com', '*.secondary.cloudflare.com', '*.foundationdns.com', '*.foundationdns.net', '*.foundationdns.org'],
  sunset: null,
};
