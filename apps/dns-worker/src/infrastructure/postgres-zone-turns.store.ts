import type { DataSource } from 'typeorm';
import { ownerName, type Clock } from '@connect/domain';
import { affected, sql, unsynced, type Sql } from '@connect/storage';
import { gathering, turnMs, type ZoneTurn, type ZoneTurns } from '../ports/zone-turns.port.js';

type Row = { zone_key: string; provider: string; zone_id: string; apex: string; fence: string };

/**
 * Turns are taken and given back without waiting for the disk: what a turn is for is committed with the write intents, which wait, and no intent is on the disk before
 * its turn. A turn that a crash of Postgres forgets is refused by `hold`, one that it remembers too long runs out.
 */
export class PostgresZoneTurns implements ZoneTurns {
  private readonly heldSince = new WeakMap<ZoneTurn, { at: number; settleTimeMs: number }>();

  /** `gathered`: providers whose zones are written whole. */
  constructor(private readonly dataSource: DataSource, private readonly clock: Pick<Clock, 'monotonicMs'>, private readonly gathered: readonly string[] = []) {}

  async take(holder: string, limit: number): Promise<ZoneTurn[]> {
    const since = { at: this.clock.monotonicMs(), settleTimeMs: 0 };
    const rows = await sql<Row>(
      this.dataSource.manager,
      `WITH due AS (
         SELECT zone_key, min(lane) AS lane, min(due_at) AS due_at, min(created_at) AS oldest, max(created_at) AS newest FROM zone_work WHERE state = 'waiting' AND zone_key IS NOT NULL AND due_at <= now() GROUP BY zone_key
       ), free AS (
         SELECT zone_turn.zone_key FROM zone_turn JOIN due USING (zone_key)
         WHERE not_before <= now() AND (provider <> ALL($4) OR newest < now() - ${gathering.quietMs} * interval '1 millisecond' OR oldest < now() - ${gathering.mostMs} * interval '1 millisecond')
           AND (holder IS NULL OR turn_until + quiet_ms * interval '1 millisecond' < now())
         ORDER BY due.lane, due.due_at LIMIT $2 FOR UPDATE OF zone_turn SKIP LOCKED
       )
       UPDATE zone_turn SET holder = $1, turn_until = now() + $3 * interval '1 millisecond', fence = fence + 1
       FROM free WHERE zone_turn.zone_key = free.zone_key AND ${unsynced}
       RETURNING zone_turn.zone_key, provider, zone_id, apex, fence`,
      [holder, limit, turnMs, this.gathered],
    );
    return rows.map((row) => this.turnOf(row, holder, since));
  }

  async hold(tx: Sql, turn: ZoneTurn, settleTimeMs: number): Promise<boolean> {
    const at = this.clock.monotonicMs();
    const held = await affected(
      tx,
      `UPDATE zone_turn SET turn_until = now() + $4 * interval '1 millisecond' WHERE zone_key = $1 AND holder = $2 AND fence = $3 AND turn_until > now()`,
      [turn.zoneKey, turn.holder, turn.fence, turnMs],
    );
    const since = this.heldSince.get(turn);
    if (held === 1 && since !== undefined) Object.assign(since, { at, settleTimeMs });
    return held === 1;
  }

  async release(turn: ZoneTurn): Promise<void> {
    await sql(
      this.dataSource.manager,
      `UPDATE zone_turn SET holder = NULL, turn_until = NULL, not_before = greatest(not_before, now() + $4 * interval '1 millisecond') WHERE zone_key = $1 AND holder = $2 AND fence = $3 AND ${unsynced}`,
      [turn.zoneKey, turn.holder, turn.fence, this.heldSince.get(turn)?.settleTimeMs ?? 0],
    );
  }

  async keepQuiet(tx: Sql, turn: ZoneTurn, quietMs: number): Promise<void> {
    await sql(tx, `UPDATE zone_turn SET not_before = greatest(not_before, now() + $2 * interval '1 millisecond') WHERE zone_key = $1`, [turn.zoneKey, quietMs]);
  }

  private turnOf(row: Row, holder: string, since: { at: number; settleTimeMs: number }): ZoneTurn {
    const turn: ZoneTurn = {
      zoneKey: row.zone_key,
      provider: row.provider,
      zone: { id: row.zone_id, apex: ownerName(row.apex) },
      holder,
      fence: Number(row.fence),
      remainingMs: () => Math.max(0, since.at + turnMs - this.clock.monotonicMs()),
      isSettled: () => since.settleTimeMs === 0,
    };
    this.heldSince.set(turn, since);
    return turn;
  }
}
