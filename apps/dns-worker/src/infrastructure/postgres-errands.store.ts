import type { DataSource } from 'typeorm';
import { affected, sql, type Sql } from '@connect/storage';
import type { ErrandStore, LocatedZone } from '../ports/zone-work-store.port.js';
import type { ZoneWork } from '../zone-work/zone-work.js';
import { workColumns, workOf, type WorkRow } from './work-rows.js';
import { begunZone } from './postgres-zone-work.store.js';

/** Longer than a lease: after it, whoever claimed is gone. */
const claimedMs = 75_000;
const atOnce = 200;

export class PostgresErrands implements ErrandStore {
  constructor(private readonly dataSource: DataSource) {}

  async claim(holder: string): Promise<ZoneWork[]> {
    const rows = await sql<WorkRow>(
      this.dataSource.manager,
      `WITH first AS (
         SELECT id, credential_id, kind FROM zone_work WHERE state = 'waiting' AND zone_key IS NULL AND due_at <= now() AND (claimed_until IS NULL OR claimed_until < now())
         ORDER BY lane, due_at LIMIT 1 FOR UPDATE SKIP LOCKED
       ), together AS (
         SELECT zone_work.id FROM zone_work JOIN first ON zone_work.id = first.id OR (first.kind IN ('apply', 'undo') AND zone_work.kind IN ('apply', 'undo') AND zone_work.credential_id = first.credential_id)
         WHERE state = 'waiting' AND zone_key IS NULL AND due_at <= now() AND (claimed_until IS NULL OR claimed_until < now()) LIMIT ${atOnce} FOR UPDATE OF zone_work SKIP LOCKED
       )
       UPDATE zone_work SET claimed_by = $1, claimed_until = now() + ${claimedMs} * interval '1 millisecond' FROM together WHERE zone_work.id = together.id
       RETURNING ${workColumns.split(', ').map((column) => `zone_work.${column}`).join(', ')}`,
      [holder],
    );
    return rows.map((row) => workOf(row));
  }

  async located(tx: Sql, work: ZoneWork, zone: LocatedZone): Promise<void> {
    await sql(tx, 'INSERT INTO zone_turn (zone_key, provider, zone_id, apex, quiet_ms) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING', [zone.zoneKey, zone.provider, zone.zoneId, zone.apex, zone.quietMs]);
    await this.waitFor(tx, work, zone.zoneKey);
  }

  async waitFor(tx: Sql, work: ZoneWork, zoneKey: string): Promise<void> {
    await sql(tx, `UPDATE zone_work SET zone_key = $2, due_at = now(), claimed_by = NULL, claimed_until = NULL WHERE id = $1 AND state = 'waiting'`, [work.id, zoneKey]);
  }

  async nextDueInMs(): Promise<number | null> {
    // Each by its index, which the ended rows of a month are not in. What is due in a zone that keeps quiet comes with the end of its quiet.
    const [row] = await sql<{ ms: number | null }>(this.dataSource.manager, `
      SELECT extract(epoch FROM least(
        (SELECT min(due_at) FROM zone_work WHERE state = 'waiting' AND zone_key IS NOT NULL AND due_at > now()),
        (SELECT min(due_at) FROM zone_work WHERE state = 'waiting' AND zone_key IS NULL AND due_at > now()),
        (SELECT min(not_before) FROM zone_work JOIN zone_turn USING (zone_key) WHERE state = 'waiting' AND zone_key IS NOT NULL AND due_at <= now() AND not_before > now())
      ) - now())::float * 1000 AS ms`);
    return row?.ms ?? null;
  }

  async doubt(tx: Sql, work: ZoneWork): Promise<boolean> {
    return (await affected(tx, `UPDATE zone_work SET zone_key = NULL, doubted = true, due_at = now() WHERE id = $1 AND state = 'waiting' AND NOT doubted`, [work.id])) === 1;
  }

  zoneKeyOf(connectionId: string): Promise<string | null> {
    return begunZone(this.dataSource.manager, connectionId);
  }
}
