import type { DataSource } from 'typeorm';
import type { Message } from '@connect/contracts';
import { ConnectError, newUuid, ownerName, suffixesOf } from '@connect/domain';
import { currentTraceparent } from '@connect/observability';
import { affected, sql, type Sql } from '@connect/storage';
import type { NewWork, Settlement, ZoneWorkStore } from '../ports/zone-work-store.port.js';
import type { ZoneWork, ZoneWriting } from '../zone-work/zone-work.js';
import { workColumns, workOf, type WorkRow } from './work-rows.js';

/** What becomes due so soon comes along: neighbours that were sent away together come back together. */
const soonMs = 2_000;

export class PostgresZoneWorkStore implements ZoneWorkStore {
  constructor(private readonly dataSource: DataSource) {}

  async add(tx: Sql, work: NewWork): Promise<{ settledWith: Message[] } | null> {
    if (work.connectionId !== '') await this.raiseGeneration(tx, work);
    const zoneKey = await this.zoneKeyFor(tx, work);
    const added = await affected(
      tx,
      `INSERT INTO zone_work (id, connection_id, generation, step, kind, tenant_id, credential_id, data, causation_id, traceparent, lane, zone_key)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT ON CONSTRAINT zone_work_key DO NOTHING`,
      [newUuid(), work.connectionId, work.generation, work.step, work.kind, work.tenantId, work.data.credential_id, JSON.stringify(work.data), work.causationId, currentTraceparent(), work.lane, zoneKey],
    );
    if (added === 1) return null;
    const [known] = await sql<{ state: string; facts: Message[] }>(tx, 'SELECT state, facts FROM zone_work WHERE connection_id = $1 AND generation = $2 AND step = $3', [work.connectionId, work.generation, work.step]);
    return { settledWith: known === undefined || known.state === 'waiting' ? [] : known.facts };
  }

  async due(zoneKey: string): Promise<(ZoneWriting | ZoneWork<'look'>)[]> {
    const rows = await sql<WorkRow>(
      this.dataSource.manager,
      `SELECT ${workColumns} FROM zone_work WHERE state = 'waiting' AND zone_key = $1 AND (due_at <= now() OR (kind <> 'look' AND due_at <= now() + ${soonMs} * interval '1 millisecond')) ORDER BY lane, created_at, id LIMIT 500`,
      [zoneKey],
    );
    return rows.map((row) => workOf<ZoneWriting | ZoneWork<'look'>>(row));
  }

  async superseded(tx: Sql | null, works: readonly ZoneWork[]): Promise<Set<string>> {
    const ids = [...new Set(works.map(({ connectionId }) => connectionId))].sort();
    const rows = await sql<{ connection_id: string; generation: number }>(tx ?? this.dataSource.manager, `SELECT connection_id, generation FROM connection_generation WHERE connection_id = ANY($1) ORDER BY connection_id ${tx === null ? '' : 'FOR SHARE'}`, [ids]);
    const highest = new Map(rows.map((row) => [row.connection_id, row.generation]));
    return new Set(works.filter((work) => (highest.get(work.connectionId) ?? 0) > work.generation).map(({ id }) => id));
  }

  async settle(tx: Sql, work: ZoneWork, outcome: Settlement): Promise<Message[] | null> {
    const [row] = await sql<{ facts: Message[] }>(tx, `UPDATE zone_work SET state = $2, settled_at = now() WHERE id = $1 AND state = 'waiting' AND zone_key IS NOT DISTINCT FROM $3 RETURNING facts`, [work.id, outcome, work.zoneKey]);
    return row?.facts ?? null;
  }

  async goOnElsewhere(tx: Sql, work: ZoneWork<'remove'>, zoneKey: string): Promise<boolean> {
    const gone = await affected(
      tx,
      `UPDATE zone_work SET state = 'waiting', settled_at = NULL, zone_key = elsewhere.zone_key, due_at = now(), attempts = 0, alone = false, doubted = false
       FROM (SELECT zone_key FROM (${ownedIn}) AS owned WHERE zone_key <> $2 ORDER BY at DESC LIMIT 1) AS elsewhere WHERE id = $3`,
      [work.connectionId, zoneKey, work.id],
    );
    return gone === 1;
  }

  async remember(tx: Sql, work: ZoneWork, facts: Message[]): Promise<void> {
    await sql(tx, 'UPDATE zone_work SET facts = $2 WHERE id = $1', [work.id, JSON.stringify(facts)]);
  }

  async postpone(tx: Sql, work: ZoneWork, delayMs: number, change: { alone?: boolean; partly?: boolean; attempts?: number } = {}): Promise<boolean> {
    const postponed = await affected(
      tx,
      `UPDATE zone_work SET due_at = now() + $2 * interval '1 millisecond', attempts = $3, alone = $4, partly = $5, claimed_by = NULL, claimed_until = NULL WHERE id = $1 AND state = 'waiting'`,
      [work.id, Math.round(delayMs), change.attempts ?? work.attempts, change.alone ?? work.alone, change.partly ?? work.partly],
    );
    return postponed === 1;
  }

  private async raiseGeneration(tx: Sql, work: NewWork): Promise<void> {
    const raised = await affected(
      tx,
      `INSERT INTO connection_generation AS known (connection_id, tenant_id, generation) VALUES ($1, $2, $3)
       ON CONFLICT (connection_id) DO UPDATE SET generation = greatest(known.generation, excluded.generation) WHERE known.tenant_id = excluded.tenant_id RETURNING 1`,
      [work.connectionId, work.tenantId, work.generation],
    );
    if (raised === 0) throw new ConnectError('tenant_mismatch', { detail: 'the connection belongs to another tenant' });
  }

  /** A removal goes where the connection owns something or has begun to write; the others where the credential was seen to reach. */
  private async zoneKeyFor(tx: Sql, work: NewWork): Promise<string | null> {
    if (work.kind === 'preview' || work.kind === 'check') return null;
    if (work.kind === 'remove') return begunZone(tx, work.connectionId);
    const asked = work.data.zone === null ? suffixesOf(ownerName(work.data.hostname)).map((name) => `apex:${name}`) : [`zone:${work.data.zone}`];
    const [known] = await sql<{ zone_key: string }>(
      tx,
      `WITH known AS (SELECT * FROM known_zone WHERE credential_id = $1 AND asked = ANY($2) ORDER BY length(apex) DESC LIMIT 1),
       turn AS (INSERT INTO zone_turn (zone_key, provider, zone_id, apex, quiet_ms) SELECT zone_key, provider, zone_id, apex, quiet_ms FROM known ON CONFLICT DO NOTHING)
       SELECT zone_key FROM known WHERE provider = $3`,
      [work.data.credential_id, asked, work.data.provider],
    );
    return known?.zone_key ?? null;
  }
}

/** The zones in which connection $1 owns something, or may: values there are to be taken away. */
const ownedIn = `SELECT zone_key, since AS at FROM ledger WHERE connection_id = $1 AND role = 'owned'
  UNION ALL SELECT write_intent.zone_key, recorded_at FROM write_intent JOIN zone_work ON zone_work.id = work_id WHERE connection_id = $1 AND write_intent.state = 'open'`;

export async function begunZone(runner: Sql, connectionId: string): Promise<string | null> {
  const [row] = await sql<{ zone_key: string }>(
    runner,
    `SELECT zone_key FROM (
       SELECT zone_key, 0 AS rank, at FROM (${ownedIn}) AS owned
       UNION ALL SELECT zone_key, 1, since FROM ledger WHERE connection_id = $1 AND role = 'used'
       UNION ALL SELECT zone_key, 1, created_at FROM zone_work WHERE connection_id = $1 AND zone_key IS NOT NULL AND state = 'waiting'
     ) AS begun ORDER BY rank, at DESC LIMIT 1`,
    [connectionId],
  );
  return row?.zone_key ?? null;
}
