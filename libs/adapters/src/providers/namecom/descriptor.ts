import type { ProviderDescriptor } from '../../spi/index.js';
import { namecomCredentialDescription } from './credential.js';

export const namecomDescriptor: ProviderDescriptor = {
  id: 'namecom',
  name: 'Name.com',
  links: { console: 'https://www.name.com/account/settings/api', documentation: 'https://docs.name.com' },
  granularity: 'record',
  writeGuard: 'none',
  atomicWrite: false,
  maxChangesPerWrite: 10,
  // There is no filter.
  partialRead: false,
  settleTimeMs: 2_000,
  // Single calls take seconds; DNSControl waits for a minute.
  callTimeoutMs: 25_000,
  capabilities: {
    types: ['A', 'AAAA', 'ALIAS', 'CNAME', 'MX', 'NS', 'SRV', 'TXT'],
    apexAlias: 'alias_record',
    wildcard: true,
    underscoreNames: true,
    // The largest is not documented.
    ttl: { minSeconds: 300, maxSeconds: 86_400 },
    nullMx: false,
    srvDotTarget: false,
    caaIssuerCritical: false,
    emptyTxt: false,
    // 512 in the quoted form: two strings, four quotes and a space between them.
    maxTxtBytes: 507,
    nonAsciiTxt: false,
    refusedData: ['txt_double_quotes', 'txt_trailing_space'],
    listsZones: true,
  },
  limits: [{ scope: 'account', calls: 'all', amount: 20, windowSeconds: 1 }, { scope: 'account', calls: 'all', amount: 3_000, windowSeconds: 3_600 }],
  hosts: ['api.name.com', 'api.dev.name.com'],
  credential: namecomCredentialDescription,
  nameServerPatterns: ['ns1*.name.com', 'ns2*.name.com', 'ns3*.name.com', 'ns4*.name.com'],
  sunset: null,
};
