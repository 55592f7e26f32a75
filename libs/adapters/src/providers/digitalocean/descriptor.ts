import type { ProviderDescriptor } from '../../spi/index.js';
import { digitaloceanCredentialDescription } from './credential.js';

export const digitaloceanDescriptor: ProviderDescriptor = {
  id: 'digitalocean',
  name: 'DigitalOcean',
  links: { console: 'https://cloud.digitalocean.com/networking/domains', documentation: 'https://docs.digitalocean.com/reference/api/digitalocean/#tag/Domain-Records' },
  granularity: 'record',
  writeGuard: 'none',
  atomicWrite: false,
  maxChangesPerWrite: 20,
  partialRead: true,
  settleTimeMs: 2_000,
  callTimeoutMs: 15_000,
  capabilities: {
    types: ['A', 'AAAA', 'CAA', 'CNAME', 'MX', 'NS', 'SRV', 'TXT'],
    apexAlias: 'none',
    wildcard: true,
    underscoreNames: true,
    // The least is 30 (DNSControl); the largest is not documented, and a week is taken everywhere.
    ttl: { minSeconds: 30, maxSeconds: 604_800 },
    nullMx: false,
    srvDotTarget: false,
    caaIssuerCritical: true,
    emptyTxt: false,
    // 509 octets with quotes around and between strings of 255; audit.ts counts escapes, too.
    maxTxtBytes: 504,
    nonAsciiTxt: false,
    refusedData: ['txt_backslash', 'caa_whitespace', 'caa_parameters', 'caa_empty_issuer'],
    listsZones: true,
  },
  limits: [{ scope: 'token', calls: 'all', amount: 250, windowSeconds: 60 }, { scope: 'token', calls: 'all', amount: 5_000, windowSeconds: 3_600 }],
  hosts: ['api.digitalocean.com'],
  credential: digitaloceanCredentialDescription,
  nameServerPatterns: ['ns1.digitalocean.com', 'ns2.digitalocean.com', 'ns3.digitalocean.com'],
  sunset: null,
};
