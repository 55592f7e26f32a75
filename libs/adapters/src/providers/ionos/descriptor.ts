import type { ProviderDescriptor } from '../../spi/index.js';
import { ionosCredentialDescription } from './credential.js';

export const ionosDescriptor: ProviderDescriptor = {
  id: 'ionos',
  name: 'IONOS',
  links: { console: 'https://developer.hosting.ionos.com/keys', documentation: 'https://developer.hosting.ionos.com/docs/dns' },
  // Whole sets could be replaced as well, from a list that may be old by then; single records spare what others added.
  granularity: 'record',
  writeGuard: 'none',
  atomicWrite: false,
  maxChangesPerWrite: 20,
  // There is a filter by name; one call gives the whole zone, which is needed to see what a write switched off.
  partialRead: false,
  settleTimeMs: 2_000,
  callTimeoutMs: 20_000,
  capabilities: {
    // NS is in conflict with everything at and below its name, so it would take foreign records away.
    types: ['A', 'AAAA', 'CAA', 'CNAME', 'MX', 'SRV', 'TXT'],
    apexAlias: 'none',
    wildcard: true,
    underscoreNames: true,
    // The least is the server's; the largest is not documented, and a day stands at their own records.
    ttl: { minSeconds: 60, maxSeconds: 86_400 },
    nullMx: false,
    srvDotTarget: false,
    caaIssuerCritical: false,
    emptyTxt: false,
    // Two strings, as a DKIM key of 2,048 bits needs.
    maxTxtBytes: 512,
    nonAsciiTxt: false,
    // The server makes values regular, and takes quotes out of them.
    refusedData: ['txt_double_quotes', 'txt_backslash', 'txt_trailing_space'],
    listsZones: true,
  },
  // None is documented for zones and records; this is a courtesy.
  limits: [{ scope: 'token', calls: 'all', amount: 120, windowSeconds: 60 }],
  hosts: ['api.hosting.ionos.com'],
  credential: ionosCredentialDescription,
  // Not ns-ic.ui-dns.…: that is IONOS Cloud DNS.
  nameServerPatterns: ['ns1*.ui-dns.com', 'ns1*.ui-dns.de', 'ns1*.ui-dns.org', 'ns1*.ui-dns.biz'],
  sunset: null,
};
