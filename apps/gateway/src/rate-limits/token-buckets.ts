import type { Clock } from '@connect/domain';

/** What is left of a bucket. `nextMs`: until one more is there; 0 while it is full. */
export type Level = { left: number; nextMs: number };
/** Counted in time, of which a request costs a part, so that many small fillings add up to the large one. */
type Bucket = { creditMs: number; atMs: number };

const windowMs = 60_000;
const mostBuckets = 10_000;

/** One bucket for each name: it holds a minute's worth, and is filled evenly. So a burst passes, and the mean over longer times is kept. In memory only. */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();
  private readonly costMs: number;

  constructor(readonly perMinute: number, private readonly clock: Clock) {
    this.costMs = windowMs / perMinute;
  }

  level(name: string): Level {
    return this.levelOf(this.filled(name));
  }

  /** Takes one and says what is left, or returns null where nothing is there to be taken. */
  take(name: string): Level | null {
    const bucket = this.filled(name);
    if (bucket.creditMs < this.costMs) return null;
    bucket.creditMs -= this.costMs;
    this.keep(name, bucket);
    return this.levelOf(bucket);
  }

  private filled(name: string): Bucket {
    const bucket = this.buckets.get(name);
    const nowMs = this.clock.monotonicMs();
    if (bucket === undefined) return { creditMs: windowMs, atMs: nowMs };
    bucket.creditMs = Math.min(windowMs, bucket.creditMs + nowMs - bucket.atMs);
    bucket.atMs = nowMs;
    return bucket;
  }

  /** The bucket that was not touched for the longest goes first: a Map keeps the order of insertion. */
  private keep(name: string, bucket: Bucket): void {
    this.buckets.delete(name);
    const oldest = this.buckets.keys().next().value;
    if (this.buckets.size >= mostBuckets && oldest !== undefined) this.buckets.delete(oldest);
    this.buckets.set(name, bucket);
  }

  private levelOf({ creditMs }: Bucket): Level {
    const left = Math.floor(creditMs / this.costMs);
    return { left, nextMs: creditMs >= windowMs ? 0 : (left + 1) * this.costMs - creditMs };
  }
}
