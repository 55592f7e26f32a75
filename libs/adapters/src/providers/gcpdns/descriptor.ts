import type { ProviderDescriptor } from '../../spi/index.js';
import { gcpdnsCredentialDescription, gcpdnsHosts } from './credential.js';

export const gcpdnsDescriptor: ProviderDescriptor = {
  id: 'gcpdns',
  name: 'Google Cloud DNS',
  links: { console: 'https://console.cloud.google.com/net-services/dns/zones', documentation: 'https://cloud.google.com/dns/docs/reference/rest/v1' },
  granularity: 'record_set',
  // A deletion names the exact set, so deletion and addition in one change fail as a whole if somebody changed it meanwhile (412).
  writeGuard: 'compare_and_swap',
  atomicWrite: true,
  // 1,000 additions and 1,000 deletions would be taken, and 100,000 octets of data in all: 50 sets before and after may have 1,000 each.
  maxChangesPerWrite: 50,
  partialRead: true,
  // The list shows a change at once; the second is for a request that was accepted and is still under way.
  settleTimeMs: 1_000,
  callTimeoutMs: 15_000,
  capabilities: {
    types: ['A', 'AAAA', 'ALIAS', 'CAA', 'CNAME', 'HTTPS', 'MX', 'NS', 'SRV', 'SVCB', 'TXT'],
    // At the apex of public zones only, and not in a zone that is signed.
    apexAlias: 'alias_record',
    wildcard: true,
    underscoreNames: true,
    ttl: { minSeconds: 0, maxSeconds: 2_147_483_647 },
    nullMx: true,
    srvDotTarget: true,
    caaIssuerCritical: true,
    emptyTxt: true,
    maxTxtBytes: 2_048,
    nonAsciiTxt: true,
    listsZones: true,
  },
  // Counted per project and minute; the amount stands on the customer's own quota page, so this is ours, well below what peers get by with.
  limits: [{ scope: 'project', calls: 'all', amount: 300, windowSeconds: 60 }],
  hosts: gcpdnsHosts,
  credential: gcpdnsCredentialDescription,
  nameServerPatterns: ['ns-cloud-*.googledomains.com'],
  sunset: null,
};
