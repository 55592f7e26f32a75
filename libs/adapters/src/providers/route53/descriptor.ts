import type { ProviderDescriptor } from '../../spi/index.js';
import { route53CredentialDescription, route53Hosts } from './credential.js';

export const route53Descriptor: ProviderDescriptor = {
  id: 'route53',
  name: 'Amazon Route 53',
  links: { console: 'https://console.aws.amazon.com/route53/v2/hostedzones', documentation: 'https://docs.aws.amazon.com/Route53/latest/APIReference/' },
  granularity: 'record_set',
  // DELETE names the exact set, so DELETE and CREATE in one batch fail as a whole if somebody changed it meanwhile.
  writeGuard: 'compare_and_swap',
  // A batch is; it holds 1,000 values of 32,000 characters. 100 changes exceed that only where sets are unusually large: then several are sent.
  atomicWrite: true,
  maxChangesPerWrite: 100,
  partialRead: true,
  // The list shows changes that are still PENDING; the second is for a request that was accepted and is still under way.
  settleTimeMs: 1_000,
  callTimeoutMs: 15_000,
  capabilities: {
    types: ['A', 'AAAA', 'CAA', 'CNAME', 'HTTPS', 'MX', 'NS', 'SRV', 'SVCB', 'TXT'],
    // An alias points to AWS resources or into the same zone only, so it cannot follow a name of ours.
    apexAlias: 'none',
    wildcard: true,
    underscoreNames: true,
    ttl: { minSeconds: 0, maxSeconds: 2_147_483_647 },
    nullMx: true,
    srvDotTarget: true,
    caaIssuerCritical: true,
    emptyTxt: true,
    // 4,000 characters with quotes and spaces between strings of 255 octets; audit.ts counts the escapes, too.
    maxTxtBytes: 3_950,
    nonAsciiTxt: true,
    listsZones: true,
  },
  // Since 30 July 2026: token buckets of 50, refilled by 10 a second, shared with every other tool of the account.
  limits: [{ scope: 'account', calls: 'all', amount: 50, windowSeconds: 5 }],
  hosts: route53Hosts,
  credential: route53CredentialDescription,
  nameServerPatterns: ['ns-*.awsdns-*.com', 'ns-*.awsdns-*.net', 'ns-*.awsdns-*.org', 'ns-*.awsdns-*.co.uk'],
  sunset: null,
};
