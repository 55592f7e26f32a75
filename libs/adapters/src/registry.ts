import { ConnectError } from '@connect/domain';
import { allProviders } from './registry.generated.js';
import type { Provider } from './spi/index.js';

/** Every provider with an adapter, by key. */
export const providers: ReadonlyMap<string, Provider> = new Map(allProviders.map((provider) => [provider.descriptor.id, provider]));

/** Throws `unknown_provider`. */
export function providerById(id: string): Provider {
  const provider = providers.get(id);
  if (provider === undefined) throw new ConnectError('unknown_provider', { detail: `no adapter for ${id.slice(0, 40)}` });
  return provider;
}
