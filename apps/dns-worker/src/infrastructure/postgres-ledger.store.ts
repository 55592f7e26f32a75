import type { DataSource } from 'typeorm';
import { ownerName, recordSetKey, type OwnerName } from '@connect/domain';
import { sql, type Sql } from '@connect/storage';
import { Ledger, type LedgerEntry } from '../plan/ledger.js';
import type { LedgerValue, Plan } from '../plan/plan.js';
import type { LedgerStore } from '../ports/records.port.js';
import type { ZoneWork } from '../zone-work/zone-work.js';

type Row = { owner_name: string; type: string; value_key: string; value: string; connection_id: string; role: LedgerEntry['role'] };

export class PostgresLedger implements LedgerStore {
  constructor(private readonly dataSource: DataSource) {}

  async load(zoneKey: string, names: readonly OwnerName[], connectionIds: readonly string[]): Promise<Ledger> {
    const rows = await sql<Row>(
      this.dataSource.manager,
      'SELECT owner_name, type, value_key, value, connection_id, role FROM ledger WHERE zone_key = $1 AND (owner_name = ANY($2) OR connection_id = ANY($3))',
      [zoneKey, names, connectionIds],
    );
    return new Ledger(rows.map((row) => ({ ownerName: ownerName(row.owner_name), type: row.type, valueKey: row.value_key, value: row.value, connectionId: row.connection_id, role: row.role })));
  }

  async namesOf(zoneKey: string, connectionIds: readonly string[]): Promise<OwnerName[]> {
    const rows = await sql<{ owner_name: string }>(this.dataSource.manager, 'SELECT DISTINCT owner_name FROM ledger WHERE zone_key = $1 AND connection_id = ANY($2)', [zoneKey, connectionIds]);
    return rows.map((row) => ownerName(row.owner_name));
  }

  async apply(tx: Sql, zoneKey: string, work: ZoneWork, plan: Plan, sets: ReadonlySet<string> | null): Promise<void> {
    const concerned = (values: readonly LedgerValue[]): LedgerValue[] => values.filter((value) => sets === null || sets.has(recordSetKey(value)));
    await this.remove(tx, zoneKey, work, concerned(plan.letsGo));
    await this.insert(tx, zoneKey, work, concerned(plan.owns), 'owned');
    await this.insert(tx, zoneKey, work, concerned(plan.uses), 'used');
  }

  async owning(connectionIds: readonly string[]): Promise<Set<string>> {
    const rows = await sql<{ connection_id: string }>(
      this.dataSource.manager,
      `SELECT connection_id FROM ledger WHERE connection_id = ANY($1) AND role = 'owned'
       UNION SELECT connection_id FROM write_intent JOIN zone_work ON zone_work.id = work_id WHERE connection_id = ANY($1) AND write_intent.state = 'open'`,
      [connectionIds],
    );
    return new Set(rows.map((row) => row.connection_id));
  }

  async letGo(tx: Sql, connectionId: string, zoneKey?: string): Promise<void> {
    await sql(tx, 'DELETE FROM ledger WHERE connection_id = $1 AND ($2::text IS NULL OR zone_key = $2)', [connectionId, zoneKey ?? null]);
  }

  async disown(tx: Sql, zoneKey: string, values: readonly LedgerValue[]): Promise<void> {
    if (values.length === 0) return;
    await sql(
      tx,
      `UPDATE ledger SET role = 'used' FROM unnest($2::text[], $3::text[], $4::text[]) AS theirs (owner_name, type, value_key)
       WHERE ledger.zone_key = $1 AND ledger.owner_name = theirs.owner_name AND ledger.type = theirs.type AND ledger.value_key = theirs.value_key`,
      [zoneKey, ...columnsOf(values).slice(0, 3)],
    );
  }

  private async remove(tx: Sql, zoneKey: string, work: ZoneWork, values: readonly LedgerValue[]): Promise<void> {
    if (values.length === 0) return;
    await sql(
      tx,
      `DELETE FROM ledger USING unnest($3::text[], $4::text[], $5::text[]) AS gone (owner_name, type, value_key)
       WHERE ledger.zone_key = $1 AND ledger.connection_id = $2 AND ledger.owner_name = gone.owner_name AND ledger.type = gone.type AND ledger.value_key = gone.value_key`,
      [zoneKey, work.connectionId, ...columnsOf(values).slice(0, 3)],
    );
  }

  private async insert(tx: Sql, zoneKey: string, work: ZoneWork, values: readonly LedgerValue[], role: LedgerEntry['role']): Promise<void> {
    if (values.length === 0) return;
    await sql(
      tx,
      `INSERT INTO ledger (zone_key, connection_id, tenant_id, role, owner_name, type, value_key, value)
       SELECT $1, $2, $3, $4, owner_name, type, value_key, value FROM unnest($5::text[], $6::text[], $7::text[], $8::text[]) AS row (owner_name, type, value_key, value)
       ON CONFLICT (zone_key, owner_name, type, md5(value_key), connection_id) DO UPDATE SET role = excluded.role, value = excluded.value`,
      [zoneKey, work.connectionId, work.tenantId, role, ...columnsOf(values)],
    );
  }
}

function columnsOf(values: readonly LedgerValue[]): string[][] {
  return [values.map(({ ownerName: name }) => name), values.map(({ type }) => type), values.map(({ valueKey }) => valueKey), values.map(({ value }) => value)];
}
