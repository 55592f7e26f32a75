import type { ProviderDescriptor } from '../../spi/index.js';
import { powerdnsCredentialDescription } from './credential.js';

export const powerdnsDescriptor: ProviderDescriptor = {
  id: 'powerdns',
  name: 'PowerDNS Authoritative Server',
  links: { console: null, documentation: 'https://doc.powerdns.com/authoritative/http-api/' },
  granularity: 'record_set',
  // No ETag, and REPLACE does not look at what was there: PATCH cannot be told what it rests on.
  writeGuard: 'none',
  atomicWrite: true,
  maxChangesPerWrite: 200,
  // `rrset_name` hides disabled records, which a REPLACE of the set would then erase (4.7): the whole zone is read.
  partialRead: false,
  settleTimeMs: 0,
  callTimeoutMs: 10_000,
  capabilities: {
    types: ['A', 'AAAA', 'ALIAS', 'CAA', 'CNAME', 'HTTPS', 'MX', 'NS', 'SRV', 'SVCB', 'TXT'],
    apexAlias: 'alias_record',
    wildcard: true,
    underscoreNames: true,
    ttl: { minSeconds: 0, maxSeconds: 2_147_483_647 },
    nullMx: true,
    srvDotTarget: true,
    caaIssuerCritical: true,
    emptyTxt: true,
    maxTxtBytes: 4_000,
    nonAsciiTxt: true,
    listsZones: true,
  },
  limits: [],
  hosts: 'from_credential',
  credential: powerdnsCredentialDescription,
  nameServerPatterns: [],
  sunset: null,
};
