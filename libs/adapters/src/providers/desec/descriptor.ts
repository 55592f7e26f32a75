import type { ProviderDescriptor } from '../../spi/index.js';
import { desecCredentialDescription } from './credential.js';

export const desecDescriptor: ProviderDescriptor = {
  id: 'desec',
  name: 'deSEC',
  links: { console: 'https://desec.io/tokens', documentation: 'https://desec.readthedocs.io/en/latest/dns/rrsets.html' },
  granularity: 'record_set',
  // No ETag: a bulk write cannot be told what it rests on. A write that only creates is refused if one of its sets exists by then.
  writeGuard: 'none',
  // A bulk request is one transaction, and costs one of the writes that a domain has a day.
  atomicWrite: true,
  maxChangesPerWrite: 100,
  partialRead: true,
  settleTimeMs: 1_000,
  callTimeoutMs: 30_000,
  capabilities: {
    types: ['A', 'AAAA', 'CAA', 'CNAME', 'HTTPS', 'MX', 'NS', 'SRV', 'SVCB', 'TXT'],
    // HTTPS records can alias a bare domain (RFC 9460 2.4.2), for clients that know them.
    apexAlias: 'none',
    wildcard: true,
    underscoreNames: true,
    // The least of the hosted service for a new domain; support lowers it for single domains.
    ttl: { minSeconds: 3_600, maxSeconds: 86_400 },
    nullMx: true,
    srvDotTarget: true,
    caaIssuerCritical: true,
    emptyTxt: true,
    // 64,000 octets are taken; this is what a DNS answer carries without trouble.
    maxTxtBytes: 4_000,
    nonAsciiTxt: true,
    listsZones: true,
  },
  // Sliding windows. https://desec.readthedocs.io/en/latest/rate-limits.html, verified 2026-11.
  limits: [
    { scope: 'account', calls: 'read', amount: 10, windowSeconds: 1 },
    { scope: 'account', calls: 'read', amount: 50, windowSeconds: 60 },
    { scope: 'zone', calls: 'write', amount: 2, windowSeconds: 1 },
    { scope: 'zone', calls: 'write', amount: 15, windowSeconds: 60 },
    { scope: 'zone', calls: 'write', amount: 100, windowSeconds: 3_600 },
    { scope: 'zone', calls: 'write', amount: 300, windowSeconds: 86_400 },
    { scope: 'account', calls: 'all', amount: 2_000, windowSeconds: 86_400 },
  ],
  hosts: ['desec.io'],
  credential: desecCredentialDescription,
  nameServerPatterns: ['ns1.desec.io', 'ns2.desec.org'],
  sunset: null,
};
