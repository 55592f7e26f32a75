import { ProviderError, isConnectError } from '@connect/domain';
import type { Budgets } from '../ports/budgets.port.js';
import type { Lane } from '../zone-work/zone-work.js';
import { reserveOf, type Bucket } from './buckets.js';
import type { Purse } from './purse.js';

/** A pause after a 429 that does not say how long. */
const pauseMs = 5_000;

/** Pays each call that goes out to a provider from the shared budget, before it is sent. */
export class Meter {
  constructor(private readonly budgets: Budgets, private readonly buckets: readonly Bucket[], private readonly lane: Lane, private readonly purse: Purse) {}

  /** Throws `rate_limited` without sending anything where the budget is empty. A limit that the provider names empties it for all. */
  async around<T>(call: 'read' | 'write', send: () => Promise<T>): Promise<T> {
    const counting = this.buckets.filter(({ calls }) => calls === 'all' || calls === call);
    for (const bucket of counting) await this.pay(bucket);
    try {
      return await send();
    } catch (error) {
      if (isConnectError(error) && error.code === 'rate_limited') await this.block(counting, error.retryAfterMs ?? pauseMs);
      throw error;
    }
  }

  /** The provider answered "too many". */
  async limited(call: 'read' | 'write', retryAfterMs: number | undefined): Promise<void> {
    await this.block(this.buckets.filter(({ calls }) => calls === 'all' || calls === call), retryAfterMs ?? pauseMs);
  }

  private async pay(bucket: Bucket): Promise<void> {
    if (this.purse.spend(bucket)) return;
    const { tokens, waitMs } = await this.budgets.draw(bucket, reserveOf(bucket, this.lane));
    if (tokens < 1) throw new ProviderError('rate_limited', { detail: 'the budget for this provider is used up', retryAfterMs: Math.ceil(waitMs) });
    this.purse.keep(bucket, tokens - 1);
  }

  private async block(buckets: readonly Bucket[], ms: number): Promise<void> {
    for (const bucket of buckets) {
      this.purse.empty(bucket);
      await this.budgets.block(bucket, ms);
    }
  }
}
