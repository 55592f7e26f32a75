import type { ProviderDescriptor } from '../../spi/index.js';
import { gandiCredentialDescription } from './credential.js';

export const gandiDescriptor: ProviderDescriptor = {
  id: 'gandi',
  name: 'Gandi LiveDNS',
  links: { console: 'https://admin.gandi.net/organizations/account/pat', documentation: 'https://api.gandi.net/docs/livedns/' },
  granularity: 'record_set',
  // The ETag of the answers is not taken back in any documented way; the last PUT wins. A set is created by POST, which refuses one that is there.
  writeGuard: 'none',
  // One call a set; the calls that write several sets delete what they do not name.
  atomicWrite: false,
  maxChangesPerWrite: 25,
  partialRead: true,
  settleTimeMs: 1_000,
  callTimeoutMs: 30_000,
  capabilities: {
    types: ['A', 'AAAA', 'ALIAS', 'CAA', 'CNAME', 'MX', 'NS', 'SRV', 'TXT'],
    apexAlias: 'alias_record',
    wildcard: true,
    underscoreNames: true,
    ttl: { minSeconds: 300, maxSeconds: 2_592_000 },
    nullMx: true,
    srvDotTarget: true,
    caaIssuerCritical: true,
    emptyTxt: true,
    maxTxtBytes: 2_048,
    nonAsciiTxt: false,
    listsZones: true,
  },
  // https://api.gandi.net/docs/reference/, verified 2026-11.
  limits: [{ scope: 'address', calls: 'all', amount: 1_000, windowSeconds: 60 }],
  // The second one says when a token ends.
  hosts: ['api.gandi.net', 'id.gandi.net'],
  credential: gandiCredentialDescription,
  nameServerPatterns: ['ns-*-a.gandi.net', 'ns-*-b.gandi.net', 'ns-*-c.gandi.net'],
  sunset: null,
};
