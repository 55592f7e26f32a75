import type { DataSource } from 'typeorm';
import type { PlanProjection } from '@connect/contracts';
import { newUuid } from '@connect/domain';
import { affected, sql, type Sql } from '@connect/storage';
import type { Plan } from '../plan/plan.js';
import type { KeptPlan, WriteIntent, WriteIntents } from '../ports/records.port.js';
import type { ZoneWork, ZoneWriting } from '../zone-work/zone-work.js';
import { workColumns, workOf, type WorkRow } from './work-rows.js';

type Row = Omit<WorkRow, 'id'> & { intent_id: string; work_id: string; absent_looks: number; may_be_looked_at: boolean; wait_ms: number; projection: PlanProjection; plan: Plan };

export class PostgresWriteIntents implements WriteIntents {
  constructor(private readonly dataSource: DataSource) {}

  async record(tx: Sql, zoneKey: string, fence: number, work: ZoneWriting, { projection }: KeptPlan): Promise<string> {
    const id = newUuid();
    await sql(tx, 'INSERT INTO write_intent (id, zone_key, fence, work_id, plan_id) VALUES ($1, $2, $3, $4, $5)', [id, zoneKey, fence, work.id, projection.id]);
    return id;
  }

  async open(zoneKey: string): Promise<WriteIntent[]> {
    const columns = workColumns.split(', ').filter((column) => column !== 'id').map((column) => `zone_work.${column}`).join(', ');
    const rows = await sql<Row>(
      this.dataSource.manager,
      `SELECT write_intent.id AS intent_id, write_intent.work_id, absent_looks, look_after <= now() AS may_be_looked_at,
         greatest(0, extract(epoch FROM look_after - now()) * 1000)::float AS wait_ms, change_plan.projection, change_plan.plan, ${columns}
       FROM write_intent JOIN zone_work ON zone_work.id = write_intent.work_id JOIN change_plan ON change_plan.id = write_intent.plan_id
       WHERE write_intent.zone_key = $1 AND write_intent.state = 'open' ORDER BY write_intent.recorded_at, write_intent.id`,
      [zoneKey],
    );
    return rows.map((row) => ({
      id: row.intent_id, absentLooks: row.absent_looks, mayBeLookedAt: row.may_be_looked_at, waitMs: row.wait_ms,
      kept: { projection: row.projection, plan: row.plan }, work: workOf<ZoneWriting>({ ...row, id: row.work_id }),
    }));
  }

  async close(tx: Sql, intentId: string, how: 'settled' | 'nothing_sent' | 'absent' | 'refused'): Promise<boolean> {
    return (await affected(tx, `UPDATE write_intent SET state = $2 WHERE id = $1 AND state = 'open'`, [intentId, how])) === 1;
  }

  async letGo(tx: Sql, work: ZoneWork<'remove'>): Promise<void> {
    const begun = `SELECT write_intent.id FROM write_intent JOIN zone_work ON zone_work.id = work_id WHERE connection_id = $1 AND write_intent.state = 'open'`;
    await sql(tx, `UPDATE zone_work SET state = 'superseded', settled_at = now() WHERE state = 'waiting' AND id IN (SELECT work_id FROM write_intent WHERE id IN (${begun}))`, [work.connectionId]);
    await sql(
      tx,
      `WITH closed AS (UPDATE write_intent SET state = 'settled' WHERE id IN (${begun}) AND state = 'open' RETURNING *)
       INSERT INTO write_intent (id, zone_key, fence, work_id, plan_id, absent_looks, look_after, recorded_at)
       SELECT gen_random_uuid(), zone_key, fence, $2, plan_id, absent_looks, look_after, recorded_at FROM closed`,
      [work.connectionId, work.id],
    );
  }

  async lookLater(tx: Sql, intentId: string, delayMs: number, counted: boolean): Promise<void> {
    await sql(tx, `UPDATE write_intent SET look_after = now() + $2 * interval '1 millisecond', absent_looks = absent_looks + $3 WHERE id = $1`, [intentId, delayMs, counted ? 1 : 0]);
  }
}
