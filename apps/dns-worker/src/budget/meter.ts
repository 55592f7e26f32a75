import { ProviderError, isConnectError } from '@connect/domain';
import type { Budgets } from '../ports/budgets.port.js';
import type { Lane } from '../zone-work/zone-work.js';
import { bucketTold, reserveOf, type Bucket } from './buckets.js';
import type { Purse } from './purse.js';
import type { ToldLimit } from './told-limits.js';

/** A pause after a 429 that does not say how long. */
const pauseMs = 5_000;

/** Who has begun waits so long for one token: a turn that breaks off has spent its calls for nothing, and would do so again. */
const mostPatienceMs = 15_000;
/** What a turn takes together of a narrow budget, so that no wait comes between its look and its write: it looks, writes, and looks. More writes wait for their tokens. */
const callsOfATurn = { all: 3, read: 2, write: 1 } as const satisfies Record<Bucket['calls'], number>;

/** Waits so many milliseconds; false: there is no time left. */
export type Wait = (ms: number) => Promise<boolean>;

/** Pays each call of one use of a provider from the shared budget, before it is sent. */
export class Meter {
  private hasBegun = false;
  /** Tokens of this turn, by bucket. */
  private readonly own = new Map<string, number>();
  private readonly refused = new WeakSet<Error>();

  constructor(private readonly budgets: Budgets, private readonly buckets: readonly Bucket[], private readonly lane: Lane, private readonly purse: Purse, private readonly use: 'turn' | 'errand' = 'errand') {}

  /**
   * Throws `rate_limited` without sending anything where the budget does not suffice to begin; a later call waits for its token. A limit that the provider names
   * empties the budget for all.
   */
  async around<T>(call: 'read' | 'write', send: () => Promise<T>, wait: Wait = () => Promise.resolve(false)): Promise<T> {
    const counting = this.counting(call);
    for (const bucket of counting) await this.pay(bucket, wait);
    this.hasBegun = true;
    try {
      return await send();
    } catch (error) {
      if (isConnectError(error) && error.code === 'rate_limited') await this.block(counting, error.retryAfterMs ?? pauseMs);
      throw error;
    }
  }

  /** The provider answered "too many". */
  async limited(call: 'read' | 'write', retryAfterMs: number | undefined): Promise<void> {
    await this.block(this.counting(call), retryAfterMs ?? pauseMs);
  }

  /** The adapter read in an answer that it was too many: some say so with status 200 or 405. What this meter refused itself is known already. */
  async toldByAdapter(call: 'read' | 'write', error: unknown): Promise<void> {
    if (isConnectError(error) && error.code === 'rate_limited' && !this.refused.has(error)) await this.limited(call, error.retryAfterMs);
  }

  /** Corrects the budgets by what the provider says of them, where even spending would go beyond it. */
  async told(call: 'read' | 'write', limits: readonly ToldLimit[]): Promise<void> {
    for (const limit of limits) {
      const bucket = bucketTold(this.counting(call), limit);
      if (bucket === undefined) continue;
      const resetMs = limit.resetMs ?? bucket.windowSeconds * 1000;
      if (limit.remaining >= bucket.capacity + bucket.perSecond * (resetMs / 1000)) continue;
      this.forget(bucket);
      await this.budgets.correct(bucket, { remaining: limit.remaining, resetMs });
    }
  }

  private counting(call: 'read' | 'write'): Bucket[] {
    return this.buckets.filter(({ calls }) => calls === 'all' || calls === call);
  }

  private async pay(bucket: Bucket, wait: Wait): Promise<void> {
    while (!this.spend(bucket)) {
      const least = this.isToBeginTogether(bucket) ? Math.min(callsOfATurn[bucket.calls], bucket.capacity) : 1;
      const { tokens, waitMs } = await this.budgets.draw(bucket, this.hasBegun ? 0 : Math.min(reserveOf(bucket, this.lane), bucket.capacity - least), least);
      if (tokens > 0) return this.keep(bucket, { own: least - 1, shared: tokens - least });
      const isWorthWaiting = this.hasBegun && waitMs <= mostPatienceMs;
      if (!isWorthWaiting || !(await wait(Math.ceil(waitMs)))) throw this.refusal(Math.ceil(waitMs));
    }
  }

  private refusal(retryAfterMs: number): ProviderError {
    const error = new ProviderError('rate_limited', { detail: 'the budget for this provider is used up', retryAfterMs });
    this.refused.add(error);
    return error;
  }

  /** Where tokens come in portions nobody has to count them. */
  private isToBeginTogether(bucket: Bucket): boolean {
    return this.use === 'turn' && bucket.portion === 1 && !this.own.has(bucket.key);
  }

  private spend(bucket: Bucket): boolean {
    const own = this.own.get(bucket.key) ?? 0;
    if (own === 0) return this.purse.spend(bucket);
    this.own.set(bucket.key, own - 1);
    return true;
  }

  private keep(bucket: Bucket, { own, shared }: { own: number; shared: number }): void {
    this.own.set(bucket.key, own);
    this.purse.keep(bucket, shared);
  }

  /** Tokens that are in hand were drawn on a budget that is smaller than it seemed. */
  private forget(bucket: Bucket): void {
    this.purse.empty(bucket);
    if (this.own.has(bucket.key)) this.own.set(bucket.key, 0);
  }

  private async block(buckets: readonly Bucket[], ms: number): Promise<void> {
    for (const bucket of buckets) {
      this.forget(bucket);
      await this.budgets.block(bucket, ms);
    }
  }
}
