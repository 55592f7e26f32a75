import type { DataSource } from 'typeorm';
import type { ReceiptProjection, WireForeignLoss } from '@connect/contracts';
import type { Change, RecordSet } from '@connect/domain';
import { sql, type Sql } from '@connect/storage';
import type { Replaced } from '../plan/plan-undo.js';
import type { AmendedReceipt, KeptReceipt, Receipts } from '../ports/records.port.js';
import type { ForeignLoss } from '../zone-turn/foreign-losses.js';
import { wireLosses } from '../zone-turn/receipt-of.js';
import type { ZoneWork } from '../zone-work/zone-work.js';

type Row = { projection: ReceiptProjection; changes: Change[]; replaced: Replaced[] };

export class PostgresReceipts implements Receipts {
  constructor(private readonly dataSource: DataSource) {}

  async keep(tx: Sql, work: ZoneWork, { projection, changes, replaced }: KeptReceipt): Promise<void> {
    await sql(
      tx,
      'INSERT INTO receipt (id, tenant_id, connection_id, plan_id, projection, changes, replaced) VALUES ($1, $2, $3, $4, $5, $6, $7)',
      [projection.id, work.tenantId, work.connectionId, projection.plan_id, JSON.stringify(projection), JSON.stringify(changes), JSON.stringify(replaced)],
    );
  }

  async find(tenantId: string, connectionId: string, receiptId: string): Promise<KeptReceipt | null> {
    const [row] = await sql<Row>(this.dataSource.manager, 'SELECT projection, changes, replaced FROM receipt WHERE tenant_id = $1 AND connection_id = $2 AND id = $3', [tenantId, connectionId, receiptId]);
    return row ?? null;
  }

  async replacedBy(tx: Sql, connectionId: string): Promise<RecordSet[]> {
    const rows = await sql<{ replaced: RecordSet[] }>(tx, 'SELECT replaced FROM receipt WHERE connection_id = $1 AND undone_at IS NULL ORDER BY applied_at', [connectionId]);
    return rows.flatMap(({ replaced }) => replaced);
  }

  async removals(tx: Sql, work: ZoneWork<'remove'>): Promise<Change[]> {
    const rows = await sql<Pick<Row, 'changes'>>(
      tx,
      `SELECT changes FROM receipt JOIN change_plan ON change_plan.id = plan_id WHERE receipt.connection_id = $1 AND generation = $2 AND kind = 'remove' ORDER BY applied_at`,
      [work.connectionId, work.generation],
    );
    return rows.flatMap(({ changes }) => changes);
  }

  async undone(tx: Sql, receiptId: string): Promise<void> {
    await sql(tx, 'UPDATE receipt SET undone_at = now() WHERE id = $1 AND undone_at IS NULL', [receiptId]);
  }

  async amend(tx: Sql, planIds: readonly string[], losses: readonly ForeignLoss[]): Promise<AmendedReceipt[]> {
    const rows = await sql<Pick<Row, 'projection'> & { tenant_id: string; connection_id: string; generation: number }>(
      tx,
      `SELECT receipt.projection, receipt.tenant_id, receipt.connection_id, generation FROM receipt JOIN change_plan ON change_plan.id = plan_id WHERE plan_id = ANY($1) ORDER BY receipt.id FOR UPDATE OF receipt`,
      [planIds],
    );
    const amended = rows.flatMap(({ projection, ...row }) => {
      const found = wireLosses(projection.outcomes.map((outcome) => outcome.owner_name), losses);
      const isToldAgain = (known: WireForeignLoss): boolean => found.some((loss) => loss.owner_name === known.owner_name && loss.type === known.type && known.values.every((value) => loss.values.includes(value)));
      const changed = { ...projection, foreign_losses: [...projection.foreign_losses.filter((known) => !isToldAgain(known)), ...found] };
      return found.length === 0 ? [] : [{ tenantId: row.tenant_id, connectionId: row.connection_id, generation: row.generation, projection: changed }];
    });
    for (const { projection } of amended) await sql(tx, 'UPDATE receipt SET projection = $2 WHERE id = $1', [projection.id, JSON.stringify(projection)]);
    return amended;
  }
}
