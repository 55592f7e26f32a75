import type { ProviderDescriptor } from '../../spi/index.js';
import { godaddyCredentialDescription } from './credential.js';

export const godaddyDescriptor: ProviderDescriptor = {
  id: 'godaddy',
  name: 'GoDaddy',
  links: { console: 'https://developer.godaddy.com/keys', documentation: 'https://developer.godaddy.com' },
  // v3 writes single records; v1 adds single records, and replaces those of one type and name.
  granularity: 'record',
  writeGuard: 'none',
  atomicWrite: false,
  maxChangesPerWrite: 10,
  // v3 has a filter, but the name of an SRV record is without its service there: a name asked for would miss it.
  partialRead: false,
  settleTimeMs: 2_000,
  callTimeoutMs: 30_000,
  capabilities: {
    // NS is read-only in v3, and HTTPS, SVCB and TLSA stand in schemas only.
    types: ['A', 'AAAA', 'CAA', 'CNAME', 'MX', 'SRV', 'TXT'],
    apexAlias: 'none',
    wildcard: true,
    underscoreNames: true,
    // v1 goes up to 604,800; both have to keep what a plan says.
    ttl: { minSeconds: 600, maxSeconds: 86_400 },
    nullMx: false,
    srvDotTarget: false,
    caaIssuerCritical: true,
    emptyTxt: false,
    maxTxtBytes: 512,
    nonAsciiTxt: false,
    // A value in quotes is read as it is published: whether their servers keep quotes or take them for syntax is not documented.
    refusedData: ['txt_double_quotes'],
    listsZones: true,
  },
  // The 20,000 calls a month are those of the smallest accounts; whose they are is shown nowhere but in a refusal.
  limits: [{ scope: 'token', calls: 'all', amount: 60, windowSeconds: 60 }],
  hosts: ['api.godaddy.com'],
  credential: godaddyCredentialDescription,
  nameServerPatterns: ['ns*.domaincontrol.com', 'pdns*.domaincontrol.com'],
  sunset: { date: '2026-12-31', note: 'Keys with a secret (v1) are announced to end after 2026; personal access tokens (v3) go on.' },
};
