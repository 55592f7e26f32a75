import type { Bucket } from '../budget/buckets.js';

/** Tokens of a bucket, shared by all workers (P9). */
export interface Budgets {
  /** Takes up to `bucket.portion` tokens, but not fewer than `least` (default 1), and leaves `reserve`; none: how long until there are so many. */
  draw(bucket: Bucket, reserve: number, least?: number): Promise<{ tokens: number; waitMs: number }>;
  /** The provider asked for a pause: nothing comes out of the bucket until then. A pause of a size with the bucket's window means that it is empty, too. */
  block(bucket: Bucket, ms: number): Promise<void>;
  /** The provider says that there are only so many calls left until the reset: somebody else uses them, too. Never gives more than the bucket held. */
  correct(bucket: Bucket, told: { remaining: number; resetMs: number }): Promise<void>;
}
