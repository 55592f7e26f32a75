import type { Bucket } from '../budget/buckets.js';

/** Tokens of a bucket, shared by all workers (P9). */
export interface Budgets {
  /** Takes up to `bucket.portion` tokens, but not fewer than `least` (default 1), and leaves `reserve`; none: how long until there are so many. */
  draw(bucket: Bucket, reserve: number, least?: number): Promise<{ tokens: number; waitMs: number }>;
  /** The provider asked for a pause: the bucket is empty until then. */
  block(bucket: Bucket, ms: number): Promise<void>;
}
