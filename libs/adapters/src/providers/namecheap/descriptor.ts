import type { ProviderDescriptor } from '../../spi/index.js';
import { namecheapCredentialDescription } from './credential.js';

export const namecheapDescriptor: ProviderDescriptor = {
  id: 'namecheap',
  name: 'Namecheap',
  links: { console: 'https://ap.www.namecheap.com/settings/tools/apiaccess/', documentation: 'https://www.namecheap.com/support/api/intro/' },
  granularity: 'zone',
  // SRV records, of which setHosts is not told; whether it erases them is not known.
  mayLose: ['hidden_row'],
  // setHosts replaces the whole zone whatever it held, and nothing on the server looks at what it rests on.
  writeGuard: 'none',
  atomicWrite: true,
  maxChangesPerWrite: 150,
  partialRead: false,
  // Reads that show the state before a write were reported as late as 2026-08 (DNSControl issues 4637, 4645).
  settleTimeMs: 5_000,
  callTimeoutMs: 30_000,
  capabilities: {
    types: ['A', 'AAAA', 'ALIAS', 'CAA', 'CNAME', 'MX', 'NS', 'TXT'],
    apexAlias: 'alias_record',
    wildcard: true,
    underscoreNames: true,
    // 1799 is how they write "automatic"; elsewhere the same is shown as 1800.
    ttl: { minSeconds: 60, maxSeconds: 60_000, readAs: { 1799: 1_800 } },
    nullMx: false,
    srvDotTarget: false,
    caaIssuerCritical: true,
    emptyTxt: false,
    maxTxtBytes: 1_020,
    nonAsciiTxt: false,
    refusedData: ['txt_double_quotes'],
    listsZones: true,
  },
  limits: [
    { scope: 'account', calls: 'all', amount: 20, windowSeconds: 60 },
    { scope: 'account', calls: 'all', amount: 700, windowSeconds: 3_600 },
    { scope: 'account', calls: 'all', amount: 8_000, windowSeconds: 86_400 },
  ],
  hosts: ['api.namecheap.com'],
  // ClientIp has to be the IPv4 address that the request comes from.
  addressFamily: 4,
  credential: namecheapCredentialDescription,
  nameServerPatterns: ['dns1.registrar-servers.com', 'dns2.registrar-servers.com', 'pdns1.registrar-servers.com', 'pdns2.registrar-servers.com', 'freedns*.registrar-servers.com'],
  sunset: null,
};
