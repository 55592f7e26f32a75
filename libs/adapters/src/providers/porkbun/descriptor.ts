import type { ProviderDescriptor } from '../../spi/index.js';
import { porkbunCredentialDescription } from './credential.js';

export const porkbunDescriptor: ProviderDescriptor = {
  id: 'porkbun',
  name: 'Porkbun',
  links: { console: 'https://porkbun.com/account/api', documentation: 'https://porkbun.com/api/json/v3/documentation' },
  granularity: 'record',
  writeGuard: 'none',
  atomicWrite: false,
  maxChangesPerWrite: 20,
  // `retrieveByNameType` is at odds with wildcards and the apex; one call gives the whole zone.
  partialRead: false,
  settleTimeMs: 2_000,
  callTimeoutMs: 20_000,
  capabilities: {
    types: ['A', 'AAAA', 'ALIAS', 'CAA', 'CNAME', 'HTTPS', 'MX', 'NS', 'SRV', 'SVCB', 'TXT'],
    apexAlias: 'alias_record',
    wildcard: true,
    underscoreNames: true,
    // The least is the account's: 600, and 300 in older ones. The largest is not documented, and a week is taken everywhere.
    ttl: { minSeconds: 600, maxSeconds: 604_800 },
    nullMx: false,
    srvDotTarget: false,
    caaIssuerCritical: true,
    emptyTxt: false,
    maxTxtBytes: 2_000,
    nonAsciiTxt: false,
    refusedData: ['txt_trailing_space', 'caa_whitespace'],
    listsZones: true,
  },
  // Announced are 20 in 2 seconds; peers were answered with 503 beyond one a second.
  limits: [{ scope: 'token', calls: 'all', amount: 10, windowSeconds: 10 }],
  hosts: ['api.porkbun.com'],
  credential: porkbunCredentialDescription,
  nameServerPatterns: ['curitiba.ns.porkbun.com', 'fortaleza.ns.porkbun.com', 'maceio.ns.porkbun.com', 'salvador.ns.porkbun.com', 'curitiba.porkbun.com', 'fortaleza.porkbun.com', 'maceio.porkbun.com', 'salvador.porkbun.com'],
  sunset: null,
};
