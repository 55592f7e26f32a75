import type { ProviderDescriptor } from '../../spi/index.js';
import { rfc2136CredentialDescription } from './credential.js';

export const rfc2136Descriptor: ProviderDescriptor = {
  id: 'rfc2136',
  name: 'DNS UPDATE with TSIG (BIND, Knot DNS, PowerDNS and others)',
  links: { console: null, documentation: 'https://www.rfc-editor.org/rfc/rfc2136' },
  protocol: 'dns',
  granularity: 'record',
  // Value-dependent prerequisites: a set has exactly these values, or does not exist (RFC 2136 2.4.2, 2.4.3).
  writeGuard: 'compare_and_swap',
  atomicWrite: true,
  // One message holds 64 KiB, and each value may stand in it twice: once as a prerequisite.
  maxChangesPerWrite: 50,
  partialRead: true,
  settleTimeMs: 0,
  callTimeoutMs: 10_000,
  capabilities: {
    types: ['A', 'AAAA', 'CAA', 'CNAME', 'HTTPS', 'MX', 'NS', 'SRV', 'SVCB', 'TXT'],
    apexAlias: 'none',
    wildcard: true,
    underscoreNames: true,
    ttl: { minSeconds: 0, maxSeconds: 2_147_483_647 },
    nullMx: true,
    srvDotTarget: true,
    caaIssuerCritical: true,
    emptyTxt: true,
    maxTxtBytes: 4_000,
    nonAsciiTxt: true,
    listsZones: false,
  },
  limits: [],
  hosts: 'from_credential',
  credential: rfc2136CredentialDescription,
  nameServerPatterns: [],
  sunset: null,
};
