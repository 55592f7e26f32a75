import { BlockList, isIPv6 } from 'node:net';
import type { OwnerName } from '@connect/domain';

/** Providers that answer with addresses of a proxy of their own where a customer switched it on, by the names of their name servers. */
const proxies = [
  {
    nameServers: /\.ns\.cloudflare\.com\.$/,
    // https://www.cloudflare.com/ips-v4 and /ips-v6, verified 2026-11-25
    ranges: rangesOf([
      '173.245.48.0/20', '103.21.244.0/22', '103.22.200.0/22', '103.31.4.0/22', '141.101.64.0/18', '108.162.192.0/18', '190.93.240.0/20', '188.114.96.0/20', '197.234.240.0/22', '198.41.128.0/17',
      '162.158.0.0/15', '104.16.0.0/13', '104.24.0.0/14', '172.64.0.0/13', '131.0.72.0/22', '2400:cb00::/32', '2606:4700::/32', '2803:f800::/32', '2405:b500::/32', '2405:8100::/32', '2a06:98c0::/29', '2c0f:f248::/32',
    ]),
  },
];

/** Are these addresses those of the proxy that belongs to the zone's own name servers? Elsewhere the same addresses may be what somebody wrote into the zone. */
export function areOfProxy(nameServers: readonly OwnerName[], addresses: readonly string[]): boolean {
  if (addresses.length === 0) return false;
  return proxies.some((proxy) => nameServers.some((name) => proxy.nameServers.test(name)) && addresses.every((address) => proxy.ranges.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')));
}

function rangesOf(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [network, bits] = cidr.split('/') as [string, string];
    list.addSubnet(network, Number(bits), isIPv6(network) ? 'ipv6' : 'ipv4');
  }
  return list;
}
