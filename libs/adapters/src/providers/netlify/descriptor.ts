import type { ProviderDescriptor } from '../../spi/index.js';
import { netlifyCredentialDescription } from './credential.js';

export const netlifyDescriptor: ProviderDescriptor = {
  id: 'netlify',
  name: 'Netlify DNS',
  links: { console: 'https://app.netlify.com/user/applications', documentation: 'https://docs.netlify.com/api-and-cli-guides/api-guides/get-started-with-api/' },
  granularity: 'record',
  writeGuard: 'none',
  atomicWrite: false,
  maxChangesPerWrite: 20,
  // There is no filter.
  partialRead: false,
  settleTimeMs: 2_000,
  callTimeoutMs: 20_000,
  capabilities: {
    // SPF is one of theirs and of nobody else any more (RFC 7208 3.1); HTTPS has fields that are documented nowhere.
    types: ['A', 'AAAA', 'ALIAS', 'CAA', 'CNAME', 'MX', 'NS', 'SRV', 'TXT'],
    apexAlias: 'alias_record',
    wildcard: true,
    underscoreNames: true,
    // Neither limit is documented; 300 is what lego writes, and beyond a day nobody was seen to go.
    ttl: { minSeconds: 300, maxSeconds: 86_400 },
    nullMx: false,
    srvDotTarget: false,
    caaIssuerCritical: true,
    emptyTxt: false,
    // The longest that DNSControl's tests write.
    maxTxtBytes: 766,
    nonAsciiTxt: false,
    listsZones: true,
  },
  limits: [{ scope: 'token', calls: 'all', amount: 500, windowSeconds: 60 }],
  hosts: ['api.netlify.com'],
  credential: netlifyCredentialDescription,
  // Shared with every customer of NS1, so a hint only.
  nameServerPatterns: ['dns1.p*.nsone.net', 'dns2.p*.nsone.net', 'dns3.p*.nsone.net', 'dns4.p*.nsone.net'],
  sunset: null,
};
