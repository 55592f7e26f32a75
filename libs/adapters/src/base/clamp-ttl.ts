import type { ProviderCapabilities } from '../spi/index.js';

/**
 * The TTL that the provider will really keep, in seconds: within its limits, where it knows only certain values the next larger one, and not one that it
 * shows as another. Planning uses it too: a plan that wants 60 s where 300 is the least would never become empty.
 */
export function clampTtl({ ttl }: Pick<ProviderCapabilities, 'ttl'>, ttlSeconds: number): number {
  const within = Math.min(Math.max(Math.round(ttlSeconds), ttl.minSeconds), ttl.maxSeconds);
  if (ttl.steps === undefined || ttl.steps.length === 0) return ttl.readAs?.[within] ?? within;
  const steps = [...ttl.steps].sort((a, b) => a - b);
  return steps.find((step) => step >= within) ?? steps.at(-1)!;
}
