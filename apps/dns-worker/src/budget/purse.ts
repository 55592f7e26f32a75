import type { Clock } from '@connect/domain';
import type { Bucket } from './buckets.js';

/** Tokens that this process has drawn and not spent yet. */
export class Purse {
  private readonly left = new Map<string, { tokens: number; untilMs: number }>();

  constructor(private readonly clock: Pick<Clock, 'monotonicMs'>) {}

  /** Spends one token of the bucket; false where there is none, or it is too old. */
  spend({ key }: Bucket): boolean {
    const kept = this.left.get(key);
    if (kept === undefined || kept.tokens < 1 || kept.untilMs < this.clock.monotonicMs()) return false;
    kept.tokens -= 1;
    return true;
  }

  keep({ key, keepMs }: Bucket, tokens: number): void {
    if (tokens > 0) this.left.set(key, { tokens, untilMs: this.clock.monotonicMs() + keepMs });
  }

  empty({ key }: Bucket): void {
    this.left.delete(key);
  }
}
