import { randomInt } from 'node:crypto';
import type { RetryDecision } from '@connect/domain';

const steps = { now: { firstMs: 50, atMostMs: 5_000 }, later: { firstMs: 500, atMostMs: 60_000 } } as const;

/** Milliseconds until delivery number `deliveries + 1`: doubling, and between half and all of it, so that what failed together does not return together. */
export function backoffMs(retry: Exclude<RetryDecision, 'never'>, deliveries: number): number {
  const { firstMs, atMostMs } = steps[retry];
  const fullMs = Math.min(firstMs * 2 ** Math.min(deliveries - 1, 20), atMostMs);
  return Math.ceil(fullMs / 2) + randomInt(Math.ceil(fullMs / 2) + 1);
}
