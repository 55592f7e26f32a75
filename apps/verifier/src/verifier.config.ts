import { z } from 'zod';
import { addressPortList, addressPortMap, cidrList, commonConfig, numberSetting, refusesInProduction } from '@connect/config';

/** IPv4 addresses of the root servers a to m (IANA root hints, 2026). */
const ianaRoots = '198.41.0.4,170.247.170.2,192.33.4.12,199.7.91.13,192.203.230.10,192.5.5.241,192.112.36.4,198.97.190.53,192.36.148.17,192.58.128.30,193.0.14.129,199.7.83.42,202.12.27.33';

export const VerifierConfig = z.object({
  ...commonConfig,
  /** Where the walk begins, `ip[:port]`. Default: the root servers of the public DNS. */
  DNS_ROOTS: addressPortList(53).default(addressPortList(53).parse(ianaRoots)),
  /** Test worlds only: the port of an address that does not answer on 53, `ip=port`. */
  DNS_PORT_MAP: addressPortMap().default({}),
  /** Recursive resolvers that are asked for visibility once a record set is published, `ip[:port]`. */
  RESOLVERS: addressPortList(53).default([]),
  /** Ranges that name servers may have although they are not public: for self-hosters and test worlds. */
  OUTGOING_ALLOW: cidrList().default([]),
  CONCURRENT_LOOKS: numberSetting({ min: 1, max: 1000 }).default(64),
}).superRefine(refusesInProduction([
  { setting: 'DNS_PORT_MAP', when: (config) => Object.keys(config.DNS_PORT_MAP).length > 0, why: 'a verdict must come from port 53 of the public servers' },
]));
export type VerifierConfig = z.infer<typeof VerifierConfig>;
