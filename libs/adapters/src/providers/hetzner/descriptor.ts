import type { ProviderDescriptor } from '../../spi/index.js';
import { hetznerCredentialDescription } from './credential.js';

export const hetznerDescriptor: ProviderDescriptor = {
  id: 'hetzner',
  name: 'Hetzner DNS',
  links: { console: 'https://console.hetzner.com', documentation: 'https://docs.hetzner.cloud/reference/cloud#zones' },
  // Records are added to and removed from a set by their value, whatever else the set holds by then.
  granularity: 'record',
  // No ETag. A set is created by a call that refuses one which is there; values of others are never named, except that of a CNAME.
  writeGuard: 'none',
  atomicWrite: false,
  // Each change is an action of 1.5 to 3 seconds that is waited for.
  maxChangesPerWrite: 10,
  partialRead: true,
  settleTimeMs: 5_000,
  callTimeoutMs: 30_000,
  capabilities: {
    types: ['A', 'AAAA', 'CAA', 'CNAME', 'HTTPS', 'MX', 'NS', 'SRV', 'SVCB', 'TXT'],
    apexAlias: 'none',
    wildcard: true,
    underscoreNames: true,
    ttl: { minSeconds: 60, maxSeconds: 2_147_483_647 },
    nullMx: true,
    srvDotTarget: true,
    caaIssuerCritical: true,
    emptyTxt: true,
    maxTxtBytes: 2_048,
    nonAsciiTxt: false,
    listsZones: true,
  },
  // A bucket that refills by one call a second. https://docs.hetzner.cloud/reference/cloud#rate-limiting, verified 2026-11.
  limits: [{ scope: 'project', calls: 'all', amount: 3_600, windowSeconds: 3_600 }],
  hosts: ['api.hetzner.cloud'],
  credential: hetznerCredentialDescription,
  // Those of Hetzner Console, and the older sets that zones of before carry.
  nameServerPatterns: [
    'hydrogen.ns.hetzner.com', 'oxygen.ns.hetzner.com', 'helium.ns.hetzner.de', 'ns1.first-ns.de', 'robotns2.second-ns.de', 'robotns3.second-ns.com', 'ns1.your-server.de', 'ns.second-ns.com', 'ns3.second-ns.de',
  ],
  sunset: null,
};
