import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import type { OutgoingPolicy } from './outgoing-policy.js';

export type DispatcherOptions = {
  policy: OutgoingPolicy;
  /**
   * For test worlds, as DNS_PORT_MAP is for name servers: an origin such as `https://api.provider.example` is served by another one such as
   * `http://127.0.0.1:4312`. The policy holds for where the connection goes.
   */
  reroute?: Readonly<Record<string, string>>;
};

const connectTimeoutMs = 5_000;

/** undici's connection pool, one for the process; each connection goes to an address that the policy has checked. */
export function createDispatcher({ policy, reroute }: DispatcherOptions): Dispatcher {
  const lookup: LookupFunction = (host, options, callback) => {
    policy.resolve(host).then(
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
