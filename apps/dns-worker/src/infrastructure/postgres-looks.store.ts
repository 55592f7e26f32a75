import type { DataSource } from 'typeorm';
import { newUuid, type Change, type RecordSet } from '@connect/domain';
import { sql, type Sql } from '@connect/storage';
import type { Looks } from '../ports/looks.port.js';
import type { ZoneTurn } from '../ports/zone-turns.port.js';
import { lanes, type LookBack, type ZoneWork, type ZoneWriting } from '../zone-work/zone-work.js';

export class PostgresLooks implements Looks {
  constructor(private readonly dataSource: DataSource) {}

  async record(tx: Sql, turn: ZoneTurn, asker: ZoneWriting, look: LookBack, delayMs: number): Promise<string> {
    const id = newUuid();
    await sql(
      tx,
      `INSERT INTO zone_work (id, connection_id, generation, step, kind, tenant_id, credential_id, data, causation_id, traceparent, lane, zone_key, due_at)
       VALUES ($1, '', 0, $2, 'look', $3, $4, $5, $6, $7, $8, $9, now() + $10 * interval '1 millisecond')`,
      [id, `look:${id}`, asker.tenantId, look.credential_id, JSON.stringify(look), asker.causationId, asker.traceparent, lanes.background, turn.zoneKey, delayMs],
    );
    return id;
  }

  async later(tx: Sql, lookId: string, delayMs: number, lost: readonly RecordSet[]): Promise<void> {
    await sql(tx, `UPDATE zone_work SET due_at = now() + $2 * interval '1 millisecond', data = jsonb_set(data, '{lost}', $3) WHERE id = $1 AND state = 'waiting'`, [lookId, delayMs, JSON.stringify(lost)]);
  }

  async drop(tx: Sql, lookId: string): Promise<void> {
    await sql(tx, `UPDATE zone_work SET state = 'done', settled_at = now() WHERE id = $1 AND state = 'waiting'`, [lookId]);
  }

  async since(look: ZoneWork<'look'>): Promise<{ ageMs: number; changes: Change[] }> {
    const rows = await sql<{ age_ms: number; changes: Change[] | null }>(
      this.dataSource.manager,
      `SELECT extract(epoch FROM now() - zone_work.created_at)::float * 1000 AS age_ms, change_plan.plan->'changes' AS changes
       FROM zone_work
       LEFT JOIN write_intent ON write_intent.zone_key = zone_work.zone_key AND recorded_at >= zone_work.created_at AND write_intent.state <> 'nothing_sent' AND plan_id <> ALL($2)
       LEFT JOIN change_plan ON change_plan.id = plan_id
       WHERE zone_work.id = $1`,
      [look.id, look.data.plans],
    );
    return { ageMs: rows[0]?.age_ms ?? 0, changes: rows.flatMap(({ changes }) => changes ?? []) };
  }
}
