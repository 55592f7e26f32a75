import type { ProviderDescriptor } from '../../spi/index.js';
import { dnsimpleCredentialDescription } from './credential.js';

export const dnsimpleDescriptor: ProviderDescriptor = {
  id: 'dnsimple',
  name: 'DNSimple',
  links: { console: 'https://dnsimple.com/dashboard', documentation: 'https://developer.dnsimple.com/v2/zones/records/' },
  // Several records at once come with the plan Enterprise only (412 elsewhere), so they are written one by one.
  granularity: 'record',
  writeGuard: 'none',
  atomicWrite: false,
  maxChangesPerWrite: 20,
  partialRead: true,
  settleTimeMs: 1_000,
  callTimeoutMs: 15_000,
  capabilities: {
    // NS is on their list, and the peers leave it out: no delegation is written until somebody has seen it.
    types: ['A', 'AAAA', 'ALIAS', 'CAA', 'CNAME', 'HTTPS', 'MX', 'SRV', 'SVCB', 'TXT'],
    apexAlias: 'alias_record',
    wildcard: true,
    underscoreNames: true,
    ttl: { minSeconds: 60, maxSeconds: 259_200 },
    nullMx: true,
    // It is stored broken, without an error.
    srvDotTarget: false,
    caaIssuerCritical: true,
    emptyTxt: false,
    // 1,000 characters as stored, with quotes around and spaces between strings of 255; audit.ts counts escapes, too.
    maxTxtBytes: 989,
    nonAsciiTxt: false,
    refusedData: ['txt_trailing_space', 'txt_unpaired_double_quotes'],
    listsZones: true,
  },
  limits: [{ scope: 'account', calls: 'all', amount: 2_400, windowSeconds: 3_600 }],
  hosts: ['api.dnsimple.com'],
  credential: dnsimpleCredentialDescription,
  nameServerPatterns: ['*.dnsimple.com', '*.dnsimple-edge.com', '*.dnsimple-edge.net', '*.dnsimple-edge.io', '*.dnsimple-edge.org'],
  sunset: null,
};
