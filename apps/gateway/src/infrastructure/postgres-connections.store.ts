import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { domainEventSubject, type ReceiptProjection } from '@connect/contracts';
import { Outbox, outboxInsertion, type RawMessage } from '@connect/messaging';
import { sql, type Sql } from '@connect/storage';
import type { ConnectionLife } from '../connections/connection-life.js';
import type { Connection } from '../connections/connection.js';
import type { Sight } from '../ports/caller.js';
import { ConnectionStore, type ConnectionFilter, type EventRow, type Page, type StoredPlan, type StoredReceipt } from '../ports/connection-store.port.js';
import { parameterOf, selectedColumns, type ConnectionColumn } from './connection-columns.js';
import { uuidOfId } from './uuid-of-id.js';

const inSight = 'connection.tenant_id = $1 AND ($2::text IS NULL OR connection.application_id = $2)';

@Injectable()
export class PostgresConnectionStore extends ConnectionStore {
  constructor(private readonly dataSource: DataSource, private readonly outbox: Outbox) {
    super();
  }

  async lock(tx: Sql, sight: Sight, id: string): Promise<Connection | null> {
    const [row] = await sql<Connection>(tx, `SELECT ${selectedColumns} FROM connection WHERE ${inSight} AND id = $3 FOR UPDATE`, [sight.tenantId, sight.applicationId, id]);
    return row ?? null;
  }

  async save(tx: Sql, life: ConnectionLife): Promise<void> {
    const { id } = life.connection;
    const columns = Object.keys(life.changes) as ConnectionColumn[];
    if (columns.length > 0) {
      const assignments = columns.map((column, index) => `${column} = $${index + 2}`);
      await sql(tx, `UPDATE connection SET ${assignments.join(', ')}, updated_at = now() WHERE id = $1`, [id, ...columns.map((column) => parameterOf(column, life.changes[column as keyof typeof life.changes]))]);
    }
    await this.storeEvents(tx, life);
  }

  async insert(runner: Sql, life: ConnectionLife): Promise<'stored' | 'claimed'> {
    const connection = life.connection;
    const outbox = outboxInsertion(messagesOf(life), { first: 4, where: 'EXISTS (SELECT FROM claimed)' });
    const [stored] = await sql<{ count: number }>(
      runner,
      `WITH asked AS (SELECT * FROM jsonb_populate_record(NULL::connection, $1::jsonb)),
       claimed AS (
         INSERT INTO claim (connection_id, tenant_id, hostname, state, reserved_until)
         SELECT id, tenant_id, hostname, $2, CASE WHEN $2 = 'reserved' THEN now() + interval '7 days' END FROM asked
         WHERE NOT EXISTS (SELECT FROM claim WHERE claim.hostname = asked.hostname AND claim.state IN ('held', 'quarantined'))
         ON CONFLICT DO NOTHING RETURNING connection_id),
       stored AS (INSERT INTO connection SELECT asked.* FROM asked, claimed),
       told AS (INSERT INTO domain_event (connection_id, tenant_id, sequence, caused_by, body) ${eventRows('asked.id', 'asked.tenant_id', '$3', 'asked, claimed, ')}),
       sent AS (${outbox.text})
       SELECT count(*)::integer AS count FROM claimed`,
      [JSON.stringify(connection), life.claimSteps.includes('hold') ? 'held' : 'reserved', JSON.stringify(eventRecords(life)), ...outbox.parameters],
    );
    return stored?.count === 1 ? 'stored' : 'claimed';
  }

  async find(sight: Sight, id: string): Promise<Connection | null> {
    const [row] = await sql<Connection>(this.dataSource.manager, `SELECT ${selectedColumns} FROM connection WHERE ${inSight} AND id = $3`, [sight.tenantId, sight.applicationId, id]);
    return row ?? null;
  }

  /** Newest first: ids sort by age. */
  async list(sight: Sight, filter: ConnectionFilter, page: Page): Promise<Connection[]> {
    return sql<Connection>(
      this.dataSource.manager,
      `SELECT ${selectedColumns} FROM connection
       WHERE ${inSight} AND ($3::text IS NULL OR application_id = $3) AND ($4::text IS NULL OR hostname = $4) AND ($5::text IS NULL OR state = $5)
         AND ($6::text IS NULL OR group_reference = $6) AND ($7::text IS NULL OR id < $7)
       ORDER BY id DESC LIMIT $8`,
      [sight.tenantId, sight.applicationId, filter.applicationId, filter.hostname, filter.state, filter.groupReference, page.after, page.limit],
    );
  }

  async lockWaiting(tx: Sql, applicationId: string): Promise<Connection[]> {
    return sql<Connection>(tx, `SELECT ${selectedColumns} FROM connection WHERE application_id = $1 AND state = 'awaiting_customer' ORDER BY id LIMIT 1000 FOR UPDATE SKIP LOCKED`, [applicationId]);
  }

  async lockByHostname(tx: Sql, sight: Sight, hostname: string): Promise<Connection | null> {
    const [row] = await sql<Connection>(tx, `SELECT ${selectedColumns} FROM connection WHERE ${inSight} AND hostname = $3 ORDER BY (state = 'archived'), id DESC LIMIT 1 FOR UPDATE`, [sight.tenantId, sight.applicationId, hostname]);
    return row ?? null;
  }

  async lockDue(tx: Sql, limit: number): Promise<Connection[]> {
    return sql<Connection>(tx, `SELECT ${selectedColumns} FROM connection WHERE next_step_due_at <= now() ORDER BY next_step_due_at LIMIT $1 FOR UPDATE SKIP LOCKED`, [limit]);
  }

  async events(connectionId: string, afterSequence: number, limit: number): Promise<EventRow[]> {
    return sql<EventRow>(this.dataSource.manager, 'SELECT sequence, caused_by, body FROM domain_event WHERE connection_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3', [connectionId, afterSequence, limit]);
  }

  async storePlan(tx: Sql, connection: Connection, plan: Omit<StoredPlan, 'as_of'>): Promise<void> {
    await sql(
      tx,
      `INSERT INTO change_plan (id, tenant_id, connection_id, generation, status, projection, refusal, as_of) VALUES ($1, $2, $3, $4, $5, $6, $7, now())
       ON CONFLICT (id) DO UPDATE SET status = excluded.status, projection = coalesce(excluded.projection, change_plan.projection), refusal = excluded.refusal, as_of = now()`,
      [plan.id, connection.tenant_id, connection.id, plan.generation, plan.status, plan.projection === null ? null : JSON.stringify(plan.projection), plan.refusal === null ? null : JSON.stringify(plan.refusal)],
    );
  }

  async approvePlan(tx: Sql, planId: string, by: string): Promise<void> {
    await sql(tx, "UPDATE change_plan SET status = 'approved', approved_by = $2, approved_at = now() WHERE id = $1", [planId, by]);
  }

  async refusePendingPlan(tx: Sql, connectionId: string, generation: number, refusal: NonNullable<StoredPlan['refusal']>): Promise<void> {
    await sql(tx, "UPDATE change_plan SET status = 'refused', refusal = $3, as_of = now() WHERE connection_id = $1 AND generation = $2 AND status = 'pending'", [connectionId, generation, JSON.stringify(refusal)]);
  }

  async latestPlan(connectionId: string, planId: string | null, tx?: Sql): Promise<StoredPlan | null> {
    const [plan] = await sql<StoredPlan>(
      tx ?? this.dataSource.manager,
      'SELECT id, generation, status, projection, refusal, as_of FROM change_plan WHERE connection_id = $1 AND ($2::text IS NULL OR id = $2) ORDER BY as_of DESC, id DESC LIMIT 1',
      [connectionId, planId],
    );
    return plan ?? null;
  }

  async storeReceipt(tx: Sql, connection: Connection, generation: number, receipt: ReceiptProjection): Promise<void> {
    await sql(
      tx,
      'INSERT INTO receipt (id, tenant_id, connection_id, generation, projection, as_of) VALUES ($1, $2, $3, $4, $5, now()) ON CONFLICT (id) DO NOTHING',
      [receipt.id, connection.tenant_id, connection.id, generation, JSON.stringify(receipt)],
    );
  }

  async amendReceipt(tx: Sql, connection: Connection, generation: number, receipt: ReceiptProjection): Promise<void> {
    await sql(
      tx,
      `INSERT INTO receipt (id, tenant_id, connection_id, generation, projection, as_of) VALUES ($1, $2, $3, $4, $5, now())
       ON CONFLICT (id) DO UPDATE SET projection = excluded.projection, as_of = now() WHERE receipt.connection_id = excluded.connection_id`,
      [receipt.id, connection.tenant_id, connection.id, generation, JSON.stringify(receipt)],
    );
  }

  async receipts(connectionId: string, page: Page): Promise<StoredReceipt[]> {
    return sql<StoredReceipt>(this.dataSource.manager, 'SELECT id, projection, as_of FROM receipt WHERE connection_id = $1 AND ($2::text IS NULL OR id < $2) ORDER BY id DESC LIMIT $3', [connectionId, page.after, page.limit]);
  }

  async findReceipt(connectionId: string, receiptId: string, tx?: Sql): Promise<StoredReceipt | null> {
    const [receipt] = await sql<StoredReceipt>(tx ?? this.dataSource.manager, 'SELECT id, projection, as_of FROM receipt WHERE connection_id = $1 AND id = $2', [connectionId, receiptId]);
    return receipt ?? null;
  }

  private async storeEvents(tx: Sql, life: ConnectionLife): Promise<void> {
    const { id, tenant_id } = life.connection;
    if (life.events.length > 0) {
      await sql(tx, `INSERT INTO domain_event (connection_id, tenant_id, sequence, caused_by, body) ${eventRows('$1', '$2', '$3', '')}`, [id, tenant_id, JSON.stringify(eventRecords(life))]);
    }
    await this.outbox.addRaw(tx, ...messagesOf(life));
  }
}

function eventRows(id: string, tenantId: string, records: string, from: string): string {
  return `SELECT ${id}, ${tenantId}, row.sequence, row.caused_by, row.body FROM ${from}jsonb_to_recordset(${records}::jsonb) AS row(sequence integer, caused_by text, body jsonb)`;
}

function eventRecords(life: ConnectionLife): unknown[] {
  return life.events.map(({ event, by }) => ({ sequence: event.sequence, caused_by: by, body: event }));
}

function messagesOf(life: ConnectionLife): RawMessage[] {
  const commands = life.commands.map((message) => ({ id: message.id, subject: message.type, body: message }));
  return [...commands, ...life.events.map(({ event }) => ({ id: uuidOfId(event.id), subject: domainEventSubject(event.type), body: event }))];
}
