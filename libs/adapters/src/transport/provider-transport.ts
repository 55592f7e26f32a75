import { setTimeout as wait } from 'node:timers/promises';
import { ignoreFailure, systemClock, type Clock, type Secret } from '@connect/domain';
import type { Provider, ProviderPorts } from '../spi/index.js';
import { createDispatcher, type DispatcherOptions } from './dispatcher.js';
import { createDnsUpdateClient } from './dns-update-client.js';
import { createHttpClient } from './http-client.js';

export type ProviderTransportOptions = DispatcherOptions & { clock?: Clock };

/** The network of a process for providers: one connection pool, one policy; for each turn the ports of one provider and credential. */
export type ProviderTransport = {
  /** Throws `credential_format`. */
  portsFor(provider: Provider, token: Secret<string>): ProviderPorts;
  close(): Promise<void>;
};

export function createProviderTransport(options: ProviderTransportOptions): ProviderTransport {
  const { policy, clock = systemClock } = options;
  const ipv4Hosts = new Set<string>();
  const dispatcher = createDispatcher({ ...options, ipv4Hosts });
  return {
    portsFor(provider, token) {
      const servers = provider.serversOf(token);
      const { addressFamily, hosts } = provider.descriptor;
      if (addressFamily === 4 && hosts !== 'from_credential') for (const host of hosts) ipv4Hosts.add(host);
      return {
        http: createHttpClient({ descriptor: provider.descriptor, servers, dispatcher }),
        dns: createDnsUpdateClient({ descriptor: provider.descriptor, servers, policy, clock }),
        clock,
        pause: (ms, signal) => wait(ms, undefined, { signal }).catch((error: unknown) => ignoreFailure(error, 'cut short by the signal, which the next call sees')),
      };
    },
    close: () => dispatcher.close(),
  };
}
