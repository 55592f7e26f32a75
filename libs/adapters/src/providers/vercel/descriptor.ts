import type { ProviderDescriptor } from '../../spi/index.js';
import { vercelCredentialDescription } from './credential.js';

export const vercelDescriptor: ProviderDescriptor = {
  id: 'vercel',
  name: 'Vercel',
  links: { console: 'https://vercel.com/account/settings/tokens', documentation: 'https://vercel.com/docs/rest-api/dns' },
  granularity: 'record',
  writeGuard: 'none',
  atomicWrite: false,
  maxChangesPerWrite: 20,
  // The list has no filter.
  partialRead: false,
  settleTimeMs: 2_000,
  callTimeoutMs: 15_000,
  capabilities: {
    types: ['A', 'AAAA', 'ALIAS', 'CAA', 'CNAME', 'HTTPS', 'MX', 'NS', 'SRV', 'TXT'],
    apexAlias: 'alias_record',
    wildcard: true,
    underscoreNames: true,
    ttl: { minSeconds: 60, maxSeconds: 2_147_483_647 },
    nullMx: false,
    srvDotTarget: false,
    caaIssuerCritical: true,
    emptyTxt: false,
    maxTxtBytes: 2_000,
    nonAsciiTxt: false,
    refusedData: ['caa_parameters', 'caa_empty_issuer'],
    listsZones: true,
  },
  // 100 creates an hour, 50 updates a minute; all writes count for both here. Lists are not documented, peers take 50 a minute.
  limits: [
    { scope: 'account', calls: 'write', amount: 100, windowSeconds: 3_600 },
    { scope: 'account', calls: 'write', amount: 50, windowSeconds: 60 },
    { scope: 'account', calls: 'read', amount: 50, windowSeconds: 60 },
  ],
  hosts: ['api.vercel.com'],
  credential: vercelCredentialDescription,
  nameServerPatterns: ['ns1.vercel-dns.com', 'ns2.vercel-dns.com', 'a.zeit.world', 'b.zeit.world', 'e.zeit.world', 'f.zeit.world'],
  sunset: null,
};
