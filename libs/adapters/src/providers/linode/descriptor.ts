import type { ProviderDescriptor } from '../../spi/index.js';
import { linodeCredentialDescription } from './credential.js';

export const linodeDescriptor: ProviderDescriptor = {
  id: 'linode',
  name: 'Linode (Akamai Cloud)',
  links: { console: 'https://cloud.linode.com/domains', documentation: 'https://techdocs.akamai.com/linode-api/reference/get-domain-records' },
  granularity: 'record',
  writeGuard: 'none',
  atomicWrite: false,
  maxChangesPerWrite: 20,
  // There is a filter by name. Whether it folds case and knows the apex is not documented, and 500 records are one call.
  partialRead: false,
  settleTimeMs: 2_000,
  callTimeoutMs: 15_000,
  capabilities: {
    types: ['A', 'AAAA', 'CAA', 'CNAME', 'MX', 'NS', 'SRV', 'TXT'],
    apexAlias: 'none',
    wildcard: true,
    underscoreNames: true,
    // Everything else is rounded up, silently; 0 inherits the zone's.
    ttl: { minSeconds: 30, maxSeconds: 2_419_200, steps: [30, 120, 300, 3_600, 7_200, 14_400, 28_800, 57_600, 86_400, 172_800, 345_600, 604_800, 1_209_600, 2_419_200] },
    // Known at the apex only, as the only MX.
    nullMx: false,
    srvDotTarget: false,
    // There is no field for the flags.
    caaIssuerCritical: false,
    emptyTxt: false,
    // 65,535 are taken; this is what a DNS answer carries without trouble.
    maxTxtBytes: 4_000,
    nonAsciiTxt: false,
    refusedData: ['caa_whitespace', 'srv_priority_zero'],
    listsZones: true,
  },
  // By user, since 2026-09: collections, and everything else.
  limits: [{ scope: 'account', calls: 'read', amount: 200, windowSeconds: 60 }, { scope: 'account', calls: 'write', amount: 1_600, windowSeconds: 60 }],
  hosts: ['api.linode.com'],
  credential: linodeCredentialDescription,
  nameServerPatterns: ['ns1.linode.com', 'ns2.linode.com', 'ns3.linode.com', 'ns4.linode.com', 'ns5.linode.com'],
  sunset: null,
};
