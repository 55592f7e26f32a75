import type { ProviderDescriptor } from '../../spi/index.js';
import { azurednsHosts } from './clouds.js';
import { azurednsCredentialDescription } from './credential.js';

export const azurednsDescriptor: ProviderDescriptor = {
  id: 'azuredns',
  name: 'Azure DNS',
  links: { console: 'https://portal.azure.com/#browse/Microsoft.Network%2FdnsZones', documentation: 'https://learn.microsoft.com/rest/api/dns/' },
  granularity: 'record_set',
  // If-Match with the set's ETag, and If-None-Match: * for a new one.
  writeGuard: 'compare_and_swap',
  atomicWrite: false,
  maxChangesPerWrite: 20,
  // The filter by suffix leaves out the name itself, and a set can be read only where its type is known.
  partialRead: false,
  settleTimeMs: 1_000,
  callTimeoutMs: 15_000,
  capabilities: {
    types: ['A', 'AAAA', 'CAA', 'CNAME', 'MX', 'NS', 'SRV', 'TXT'],
    // Alias record sets follow resources of Azure only.
    apexAlias: 'none',
    wildcard: true,
    underscoreNames: true,
    ttl: { minSeconds: 1, maxSeconds: 2_147_483_647 },
    nullMx: false,
    srvDotTarget: true,
    caaIssuerCritical: true,
    emptyTxt: false,
    maxTxtBytes: 4_096,
    // Text goes as JSON strings; what becomes of characters beyond ASCII is not documented, and octets that are no text cannot be said.
    nonAsciiTxt: false,
    listsZones: true,
  },
  // Lists of one zone, and record sets written in one zone, both a minute. https://learn.microsoft.com/azure/dns/dns-faq, documented 2024.
  limits: [{ scope: 'zone', calls: 'read', amount: 60, windowSeconds: 60 }, { scope: 'zone', calls: 'write', amount: 200, windowSeconds: 60 }],
  hosts: azurednsHosts,
  credential: azurednsCredentialDescription,
  nameServerPatterns: ['ns1-*.azure-dns.com', 'ns2-*.azure-dns.net', 'ns3-*.azure-dns.org', 'ns4-*.azure-dns.info'],
  sunset: null,
};
