import { randomUUID } from 'node:crypto';
import type { Verdict } from '@connect/domain';
import { recordSetFromWire, recordSetToWire, type WireRecordSet } from '@connect/contracts';
import type { Inbox, Outbox } from '@connect/messaging';
import { affected, sql, transaction, type Sql } from '@connect/storage';
import type { DataSource } from 'typeorm';
import type { Silences } from '../check/conclude.js';
import type { ClaimedWatch, LookResult, NewWatch, WatchStore } from '../ports/watch-store.port.js';

const consumer = 'verifier';
const claimSeconds = 30;
/** The sweeper says what it awaits again and again, and each time an answer is owed; what is known, and how long servers have been silent, stays. */
const isSaidAgain = 'w.active AND w.expectation = excluded.expectation AND w.record_sets = excluded.record_sets';

type Row = {
  connection_id: string; tenant_id: string; generation: number; causation_id: string; expectation: 'present' | 'absent'; record_sets: WireRecordSet[]; dense_since: Date | null;
  verdict: Verdict | null; doubted: boolean; visible_at_resolvers: boolean | null; silences: Silences; told: string[] | null; looked_for_ms: number;
};

export class PostgresWatchStore implements WatchStore {
  constructor(private readonly dataSource: DataSource, private readonly inbox: Inbox, private readonly outbox: Outbox) {}

  async start(messageId: string, watch: NewWatch): Promise<void> {
    await this.once(messageId, async (tx) => {
      await affected(tx, `
        INSERT INTO watch AS w (connection_id, tenant_id, generation, causation_id, expectation, record_sets, dense_since, told)
        VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN $7 THEN now() END, 'null')
        ON CONFLICT (connection_id) DO UPDATE SET tenant_id = excluded.tenant_id, generation = excluded.generation, causation_id = excluded.causation_id, active = true,
          expectation = excluded.expectation, record_sets = excluded.record_sets, watched_since = now(), dense_since = excluded.dense_since, next_look_at = now(),
          claimed_by = NULL, claimed_until = NULL, doubted = false, visible_at_resolvers = NULL, told = excluded.told,
          verdict = CASE WHEN ${isSaidAgain} THEN w.verdict END, silences = CASE WHEN ${isSaidAgain} THEN w.silences ELSE '{}' END
        WHERE w.generation <= excluded.generation`,
      [watch.connectionId, watch.tenantId, watch.generation, watch.causationId, watch.expectation, JSON.stringify(watch.recordSets.map(recordSetToWire)), watch.isDense]);
    });
  }

  async end(messageId: string, connectionId: string, tenantId: string, generation: number): Promise<void> {
    await this.once(messageId, async (tx) => {
      await affected(tx, `
        INSERT INTO watch AS w (connection_id, tenant_id, generation, causation_id, expectation, record_sets, active) VALUES ($1, $2, $3, $4, 'absent', '[]', false)
        ON CONFLICT (connection_id) DO UPDATE SET active = false, generation = excluded.generation, claimed_by = NULL, claimed_until = NULL WHERE w.generation <= excluded.generation`,
      [connectionId, tenantId, generation, messageId]);
    });
  }

  async claimDue(limit: number): Promise<ClaimedWatch[]> {
    const claim = randomUUID();
    const rows = await sql<Row>(this.dataSource.manager, `
      UPDATE watch SET claimed_by = $1, claimed_until = now() + make_interval(secs => $2)
      WHERE connection_id IN (
        SELECT connection_id FROM watch WHERE active AND next_look_at <= now() AND (claimed_until IS NULL OR claimed_until < now())
        ORDER BY next_look_at LIMIT $3 FOR UPDATE SKIP LOCKED)
      RETURNING connection_id, tenant_id, generation, causation_id, expectation, record_sets, dense_since, verdict, doubted, visible_at_resolvers, silences, told,
        (extract(epoch FROM now() - coalesce(dense_since, watched_since)) * 1000)::float8 AS looked_for_ms`, [claim, claimSeconds, limit]);
    return rows.map((row) => ({
      connectionId: row.connection_id, tenantId: row.tenant_id, generation: row.generation, causationId: row.causation_id, expectation: row.expectation,
      recordSets: row.record_sets.map(recordSetFromWire), denseSince: row.dense_since, verdict: row.verdict, isDoubted: row.doubted, visibleAtResolvers: row.visible_at_resolvers,
      silences: row.silences, told: row.told, claim, lookedForMs: row.looked_for_ms,
    }));
  }

  async nextDueInMs(): Promise<number | null> {
    // By the index on both sides of now: most watches are due later, and only those due by now can be claimed.
    const [row] = await sql<{ ms: number | null }>(this.dataSource.manager, `
      SELECT (extract(epoch FROM least(
        (SELECT min(greatest(next_look_at, claimed_until)) FROM watch WHERE active AND next_look_at <= now()),
        (SELECT min(next_look_at) FROM watch WHERE active AND next_look_at > now())
      ) - now()) * 1000)::float8 AS ms`);
    return row?.ms ?? null;
  }

  async settle(claimed: ClaimedWatch, result: LookResult): Promise<boolean> {
    return transaction(this.dataSource, async (tx) => {
      const changed = await affected(tx, `
        UPDATE watch SET claimed_by = NULL, claimed_until = NULL, verdict = $3, doubted = $4, visible_at_resolvers = $5, silences = $6, evidence = $7, looked_at = now(),
          next_look_at = now() + make_interval(secs => $8), told = $9
        WHERE connection_id = $1 AND claimed_by = $2`,
      [claimed.connectionId, claimed.claim, result.verdict, result.isDoubted, result.visibleAtResolvers, JSON.stringify(result.silences), JSON.stringify(result.evidence), result.nextLookInMs / 1000, JSON.stringify(result.told)]);
      if (changed === 1 && result.message !== null) await this.outbox.add(tx, result.message);
      return changed === 1;
    });
  }

  async evidenceOf(tenantId: string, connectionId: string): Promise<{ lookedAt: Date | null; evidence: unknown } | null> {
    const [row] = await sql<{ looked_at: Date | null; evidence: unknown }>(this.dataSource.manager, 'SELECT looked_at, evidence FROM watch WHERE tenant_id = $1 AND connection_id = $2', [tenantId, connectionId]);
    return row === undefined ? null : { lookedAt: row.looked_at, evidence: row.evidence };
  }

  private async once(messageId: string, effect: (tx: Sql) => Promise<void>): Promise<void> {
    await transaction(this.dataSource, async (tx) => {
      if (await this.inbox.firstTime(tx, consumer, messageId)) await effect(tx);
    });
  }
}
