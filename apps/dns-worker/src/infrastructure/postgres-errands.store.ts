import type { DataSource } from 'typeorm';
import { affected, sql, type Sql } from '@connect/storage';
import type { ErrandStore, LocatedZone } from '../ports/zone-work-store.port.js';
import type { ZoneWork } from '../zone-work/zone-work.js';
import { workColumns, workOf, type WorkRow } from './work-rows.js';
import { begunZone } from './postgres-zone-work.store.js';

/** Longer than a lease: after it, whoever claimed is gone. */
const claimedMs = 75_000;
/** Hostnames of one domain share the search for their zone, so one worker takes them all; of other domains just so many that a lease pays, since the rest is for other hands. */
const atOnce = { ofOneDomain: 200, beside: 7 };

/** The last two labels: hostnames with the same zone have the same ones. */
const domain = `substring(zone_work.data ->> 'hostname' FROM '[^.]+[.][^.]+[.]?$')`;
const isFree = `state = 'waiting' AND zone_key IS NULL AND due_at <= now() AND (claimed_until IS NULL OR claimed_until < now())`;
/** With the first one, by the same account. */
const isSearchedFor = `first.kind IN ('apply', 'undo') AND zone_work.kind IN ('apply', 'undo') AND zone_work.credential_id = first.credential_id`;

export class PostgresErrands implements ErrandStore {
  constructor(private readonly dataSource: DataSource) {}

  async claim(holder: string): Promise<ZoneWork[]> {
    const rows = await sql<WorkRow>(
      this.dataSource.manager,
      `WITH first AS (
         SELECT id, credential_id, kind, ${domain} AS domain FROM zone_work WHERE ${isFree} ORDER BY lane, due_at LIMIT 1 FOR UPDATE SKIP LOCKED
       ), same AS (
         SELECT zone_work.id FROM zone_work JOIN first ON ${isSearchedFor} AND ${domain} = first.domain WHERE ${isFree} LIMIT ${atOnce.ofOneDomain} FOR UPDATE OF zone_work SKIP LOCKED
       ), beside AS (
         SELECT zone_work.id FROM zone_work JOIN first ON ${isSearchedFor} AND ${domain} <> first.domain WHERE ${isFree} ORDER BY due_at LIMIT ${atOnce.beside} FOR UPDATE OF zone_work SKIP LOCKED
       ), together AS (SELECT id FROM first UNION SELECT id FROM same UNION SELECT id FROM beside)
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
