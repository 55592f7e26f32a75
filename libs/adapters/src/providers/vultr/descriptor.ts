import type { ProviderDescriptor } from '../../spi/index.js';
import { vultrCredentialDescription } from './credential.js';

export const vultrDescriptor: ProviderDescriptor = {
  id: 'vultr',
  name: 'Vultr',
  links: { console: 'https://my.vultr.com/dns/', documentation: 'https://www.vultr.com/api/#tag/dns' },
  granularity: 'record',
  writeGuard: 'none',
  atomicWrite: false,
  maxChangesPerWrite: 20,
  // There is no filter.
  partialRead: false,
  settleTimeMs: 2_000,
  callTimeoutMs: 15_000,
  capabilities: {
    types: ['A', 'AAAA', 'CAA', 'CNAME', 'MX', 'NS', 'SRV', 'TXT'],
    apexAlias: 'none',
    wildcard: true,
    underscoreNames: true,
    // The least that was seen to be kept (vultr/cert-manager-webhook-vultr 52); neither limit is documented.
    ttl: { minSeconds: 120, maxSeconds: 604_800 },
    nullMx: false,
    srvDotTarget: true,
    caaIssuerCritical: true,
    emptyTxt: false,
    // The longest that DNSControl's tests write (2026-07).
    maxTxtBytes: 766,
    nonAsciiTxt: false,
    refusedData: ['txt_double_quotes', 'caa_whitespace'],
    listsZones: true,
  },
  limits: [{ scope: 'address', calls: 'all', amount: 30, windowSeconds: 1 }],
  hosts: ['api.vultr.com'],
  credential: vultrCredentialDescription,
  nameServerPatterns: ['ns1.vultr.com', 'ns2.vultr.com'],
  sunset: null,
};
