import { createHmac } from 'node:crypto';
import type { ProviderDescriptor, ProviderLimit } from '@connect/adapters/spi';
import type { Secret } from '@connect/domain';
import type { Lane } from '../zone-work/zone-work.js';
import type { ToldLimit } from './told-limits.js';

/**
 * A budget that all workers share: `capacity` tokens at once, `perSecond` come back. Chosen so that no window of the provider, wherever it begins, holds more
 * calls than it allows: a fifth of the amount at once, the rest evenly.
 */
export type Bucket = Pick<ProviderLimit, 'calls' | 'amount' | 'windowSeconds'> & { key: string; capacity: number; perSecond: number; /** Taken from the database at once. */ portion: number; /** What is left of a portion may be spent so long, by whoever comes next in this process. */ keepMs: number };

/** What a background or bulk work leaves in the bucket for those before it. */
const leftForOthers = { 0: 0, 1: 0.1, 2: 0.3 } as const satisfies Record<Lane, number>;

/** Keys are HMACs of provider and scope value, so that the table tells nobody who uses what. An account is known by its token only. */
export function bucketsOf(descriptor: Pick<ProviderDescriptor, 'id' | 'limits'>, use: { token: Secret<string>; zoneId: string | null }, secret: Secret<string>): Bucket[] {
  return descriptor.limits.flatMap((limit, index) => {
    const value = scopeValue(limit, use);
    if (value === null) return [];
    const capacity = Math.max(1, Math.floor(limit.amount / 5));
    const keepMs = Math.min(2_000, limit.windowSeconds * 100);
    // Tokens may be spent a little after they were drawn, so a window sees those of a slightly longer one.
    const perSecond = Math.max(limit.amount - capacity, limit.amount / 2) / (limit.windowSeconds + keepMs / 1000);
    const key = secret.open((hmacKey) => createHmac('sha256', hmacKey).update(JSON.stringify([descriptor.id, index, limit.scope, value])).digest('hex'));
    return [{ key, calls: limit.calls, amount: limit.amount, windowSeconds: limit.windowSeconds, capacity, perSecond, portion: Math.max(1, Math.min(5, Math.floor(capacity / 10))), keepMs }];
  });
}

/**
 * The bucket of which a provider speaks: the one of the same window, else of the same amount, else the shortest that can last until the reset. Of several budgets that
 * fit equally the first.
 */
export function bucketTold(buckets: readonly Bucket[], { windowSeconds, limit, resetMs }: ToldLimit): Bucket | undefined {
  const byWindow = buckets.toSorted((a, b) => a.windowSeconds - b.windowSeconds);
  return buckets.find((bucket) => bucket.windowSeconds === windowSeconds)
    ?? buckets.find(({ amount }) => amount === limit)
    ?? byWindow.find((bucket) => bucket.windowSeconds * 1000 >= (resetMs ?? 0));
}

export function reserveOf(bucket: Bucket, lane: Lane): number {
  return bucket.capacity * leftForOthers[lane];
}

function scopeValue({ scope }: ProviderLimit, { token, zoneId }: { token: Secret<string>; zoneId: string | null }): string | null {
  switch (scope) {
    case 'address':
      return 'this installation';
    case 'zone':
      return zoneId;
    case 'account':
    case 'project':
    case 'token':
      return token.open((text) => text);
  }
}
