import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { ProviderError } from '@connect/domain';
import type { CheckedAddress, OutgoingPolicy } from './outgoing-policy.js';

export type DispatcherOptions = {
  policy: OutgoingPolicy;
  /**
   * For test worlds, as DNS_PORT_MAP is for name servers: an origin such as `https://api.provider.example` is served by another one such as
   * `http://127.0.0.1:4312`. The policy holds for where the connection goes.
   */
  reroute?: Readonly<Record<string, string>>;
  /** Hosts that are to see our IPv4 address: what their customers can allow is one. */
  ipv4Hosts?: ReadonlySet<string>;
};

const connectTimeoutMs = 5_000;

/** undici's connection pool, one for the process; each connection goes to an address that the policy has checked. */
export function createDispatcher({ policy, reroute, ipv4Hosts }: DispatcherOptions): Dispatcher {
  const lookup: LookupFunction = (host, options, callback) => {
    policy.resolve(host).then((addresses) => reachable(addresses, ipv4Hosts?.has(host) === true)).then(
      (addresses) => (options.all === true ? callback(null, addresses) : callback(null, addresses[0]!.address, addresses[0]!.family)),
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
  const connect = buildConnector({ lookup, timeout: connectTimeoutMs });
  const agent = new Agent({
    connections: 16,
    connect(options, callback): void {
      const host = options.hostname.replace(/^\[(.*)\]$/, '$1');
      if (isIP(host) === 0) return connect(options, callback);
      // Node does not look up an IP literal, so it is checked here.
      policy.resolve(host).then(() => connect(options, callback), (error: Error) => callback(error, null));
    },
  });
  const routes = new Map(Object.entries(reroute ?? {}).map(([from, to]) => [new URL(from).origin, new URL(to).origin]));
  return routes.size === 0 ? agent : agent.compose((dispatch) => (options, handler) => dispatch({ ...options, origin: routes.get(String(options.origin)) ?? options.origin }, handler));
}

function reachable(addresses: CheckedAddress[], isIpv4Only: boolean): CheckedAddress[] {
  const usable = isIpv4Only ? addresses.filter(({ family }) => family === 4) : addresses;
  if (usable.length === 0) throw new ProviderError('provider_unavailable', { detail: 'the host has no IPv4 address' });
  return usable;
}
