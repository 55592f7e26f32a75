import type { DataSource } from 'typeorm';
import { sql, transaction } from '@connect/storage';
import type { Bucket } from '../budget/buckets.js';
import type { Budgets } from '../ports/budgets.port.js';

export class PostgresBudgets implements Budgets {
  constructor(private readonly dataSource: DataSource) {}

  async draw(bucket: Bucket, reserve: number, least = 1): Promise<{ tokens: number; waitMs: number }> {
    return transaction(this.dataSource, async (tx) => {
      const [row] = await sql<{ tokens: number; blocked_ms: number }>(
        tx,
        `INSERT INTO budget AS known (bucket_key, tokens, filled_at) VALUES ($1, $2, clock_timestamp())
         ON CONFLICT (bucket_key) DO UPDATE SET
           tokens = least($2, known.tokens + greatest(0, extract(epoch FROM clock_timestamp() - known.filled_at)) * $3), filled_at = greatest(known.filled_at, clock_timestamp())
         RETURNING tokens, greatest(0, coalesce(extract(epoch FROM blocked_until - clock_timestamp()), 0) * 1000)::float AS blocked_ms`,
        [bucket.key, bucket.capacity, bucket.perSecond],
      );
      const available = row?.tokens ?? 0;
      if (row !== undefined && row.blocked_ms > 0) return { tokens: 0, waitMs: row.blocked_ms };
      const tokens = Math.min(Math.max(bucket.portion, least), Math.floor(available - reserve));
      if (tokens < least) return { tokens: 0, waitMs: ((least + reserve - available) / bucket.perSecond) * 1000 };
      await sql(tx, 'UPDATE budget SET tokens = tokens - $2 WHERE bucket_key = $1', [bucket.key, tokens]);
      return { tokens, waitMs: 0 };
    });
  }

  async block(bucket: Bucket, ms: number): Promise<void> {
    await sql(
      this.dataSource.manager,
      `INSERT INTO budget AS known (bucket_key, tokens, filled_at, blocked_until) VALUES ($1, 0, now(), now() + $2 * interval '1 millisecond')
       ON CONFLICT (bucket_key) DO UPDATE SET tokens = 0, blocked_until = greatest(known.blocked_until, excluded.blocked_until)`,
      [bucket.key, ms],
    );
  }
}
