import type { DataSource } from 'typeorm';
import { sql, transaction } from '@connect/storage';
import type { Bucket } from '../budget/buckets.js';
import type { Budgets } from '../ports/budgets.port.js';

/** A pause of a second says nothing of the budget of a day. */
const windowsOfAPause = 10;

export class PostgresBudgets implements Budgets {
  constructor(private readonly dataSource: DataSource) {}

  async draw(bucket: Bucket, reserve: number, least = 1): Promise<{ tokens: number; waitMs: number }> {
    return transaction(this.dataSource, async (tx) => {
      const [row] = await sql<{ tokens: number; blocked_ms: number; paused_ms: number }>(
        tx,
        `INSERT INTO budget AS known (bucket_key, tokens, filled_at) VALUES ($1, $2, clock_timestamp())
         ON CONFLICT (bucket_key) DO UPDATE SET
           tokens = least($2, known.tokens + greatest(0, extract(epoch FROM clock_timestamp() - known.filled_at)) * $3), filled_at = greatest(known.filled_at, clock_timestamp())
         RETURNING tokens, greatest(0, coalesce(extract(epoch FROM blocked_until - clock_timestamp()), 0) * 1000)::float AS blocked_ms,
           greatest(0, extract(epoch FROM filled_at - clock_timestamp()) * 1000)::float AS paused_ms`,
        [bucket.key, bucket.capacity, bucket.perSecond],
      );
      const available = row?.tokens ?? 0;
      if (row !== undefined && row.blocked_ms > 0) return { tokens: 0, waitMs: row.blocked_ms };
      const tokens = Math.min(Math.max(bucket.portion, least), Math.floor(available - reserve));
      if (tokens < least) return { tokens: 0, waitMs: (row?.paused_ms ?? 0) + ((least + reserve - available) / bucket.perSecond) * 1000 };
      await sql(tx, 'UPDATE budget SET tokens = tokens - $2 WHERE bucket_key = $1', [bucket.key, tokens]);
      return { tokens, waitMs: 0 };
    });
  }

  async block(bucket: Bucket, ms: number): Promise<void> {
    await sql(
      this.dataSource.manager,
      `INSERT INTO budget AS known (bucket_key, tokens, filled_at, blocked_until) VALUES ($1, 0, now(), now() + $2 * interval '1 millisecond')
       ON CONFLICT (bucket_key) DO UPDATE SET tokens = CASE WHEN $3 THEN 0 ELSE known.tokens END, blocked_until = greatest(known.blocked_until, excluded.blocked_until)`,
      [bucket.key, ms, bucket.windowSeconds * 1000 <= ms * windowsOfAPause],
    );
  }

  async correct(bucket: Bucket, { remaining, resetMs }: { remaining: number; resetMs: number }): Promise<void> {
    // What is left may be spent until the reset, and no more: so long nothing comes back that would be spent beyond it.
    await sql(
      this.dataSource.manager,
      `UPDATE budget SET tokens = held, filled_at = greatest(filled_at, at) + greatest(0, least($4::float, $5::float) - ($2::float - held) / $3::float) * interval '1 second'
       FROM (
         SELECT bucket_key AS key, clock_timestamp() AS at, least($2::float, $6::float, tokens + greatest(0, extract(epoch FROM clock_timestamp() - filled_at)) * $3::float) AS held FROM budget WHERE bucket_key = $1 FOR UPDATE
       ) AS known
       WHERE bucket_key = key AND filled_at <= at`,
      [bucket.key, remaining, bucket.perSecond, resetMs / 1000, bucket.windowSeconds, bucket.capacity],
    );
  }
}
