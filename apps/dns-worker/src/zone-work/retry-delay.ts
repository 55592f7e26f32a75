import type { ConnectError } from '@connect/domain';
import type { Randomness } from '../ports/randomness.port.js';

const firstMs = 1_000;
const mostMs = 300_000;
const soonMs = 100;

/**
 * How long a work waits after an error that is worth another try, in milliseconds: what the provider said, at once for what is only a race,
 * else doubling from a second to five minutes. Half of it is jitter, so that many do not come back together.
 */
export function retryDelayMs(error: Pick<ConnectError, 'code' | 'retryAfterMs'>, attempts: number, random: Randomness): number {
  const base = error.code === 'zone_changed' && attempts < 5 ? soonMs : Math.min(mostMs, firstMs * 2 ** Math.min(attempts, 20));
  const jittered = base / 2 + (base / 2) * random();
  return error.retryAfterMs === undefined ? jittered : error.retryAfterMs + (Math.min(error.retryAfterMs, base) / 10) * random();
}
