import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { domainEventSubject, type ReceiptProjection } from '@connect/contracts';
import { inboxInsertion, outboxInsertion, type RawMessage } from '@connect/messaging';
import { sql, type Sql } from '@connect/storage';
import type { ConnectionLife } from '../connections/connection-life.js';
import type { Connection } from '../connections/connection.js';
import type { Sight } from '../ports/caller.js';
import { ConnectionStore, type ConnectionFilter, type EventRow, type FactAbout, type LockedForFact, type StoredPlan, type StoredReceipt } from '../ports/connection-store.port.js';
import type { Page } from '../ports/page.js';
import type { Credential } from '../ports/credential-store.port.js';
import { changedColumns, selectedColumns } from './connection-columns.js';
import { uuidOfId } from './uuid-of-id.js';

const inSight = 'connection.tenant_id = $1 AND ($2::text IS NULL OR connection.application_id = $2)';

@Injectable()
export class PostgresConnectionStore extends ConnectionStore {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  async lock(tx: Sql, sight: Sight, id: string): Promise<Connection | null> {
    const [row] = await sql<Connection>(tx, `SELECT ${selectedColumns} FROM connection WHERE ${inSight} AND id = $3 FOR UPDATE`, [sight.tenantId, sight.applicationId, id]);
    return row ?? null;
  }

  async lockForFacts(tx: Sql, facts: readonly FactAbout[], whereLocked: 'wait' | 'leave_out'): Promise<Map<string, LockedForFact>> {
    const rows = await sql<Connection & { message_id: string; is_new: boolean }>(
      tx,
      `WITH locked AS (
         SELECT fact.message_id, ${selectedColumns} FROM unnest($1::uuid[], $2::text[], $3::text[]) AS fact (message_id, tenant_id, connection_id)
         JOIN connection ON connection.id = fact.connection_id AND connection.tenant_id = fact.tenant_id
         FOR UPDATE OF connection ${whereLocked === 'wait' ? '' : 'SKIP LOCKED'}),
       taken AS (${inboxInsertion('gateway', 'locked')})
       SELECT locked.*, taken.message_id IS NOT NULL AS is_new FROM locked LEFT JOIN taken USING (message_id)`,
      [facts.map(({ messageId }) => messageId), facts.map(({ tenantId }) => tenantId), facts.map(({ connectionId }) => connectionId)],
    );
    return new Map(rows.map(({ message_id, is_new: isNew, ...connection }) => [message_id, { connection, isNew }]));
  }

  async save(tx: Sql, lives: readonly ConnectionLife[]): Promise<void> {
    const changed = lives.filter((life) => Object.keys(life.changes).length > 0 || life.commands.length > 0);
    if (changed.length === 0) return;
    const outbox = outboxInsertion(changed.flatMap(messagesOf), { first: 4 });
    // The ids by themselves, so that they are looked up in the index whatever is thought of the size of a list in jsonb.
    await sql(
      tx,
      `WITH saved AS (
         UPDATE connection SET ${changedColumns}, updated_at = now() FROM jsonb_populate_recordset(NULL::connection, $1::jsonb) AS asked
         WHERE connection.id = asked.id AND connection.id = ANY($2::text[])),
       told AS (${eventInsertion('$3')})
       ${outbox.text}`,
      [JSON.stringify(changed.map(({ connection }) => connection)), changed.map(({ connection }) => connection.id), JSON.stringify(changed.flatMap(eventRecords)), ...outbox.parameters],
    );
  }

  async insert(runner: Sql, lives: readonly ConnectionLife[]): Promise<Set<string>> {
    const messages = lives.map(messagesOf);
    const outbox = outboxInsertion(messages.flat(), { first: 5, where: 'EXISTS (SELECT FROM claimed WHERE connection_id = ($4::text[])[row.position])' });
    const stored = await sql<{ connection_id: string }>(
      runner,
      // In the order of their hostnames: two of these statements can wait for each other only one way round.
      `WITH asked AS (SELECT * FROM jsonb_populate_recordset(NULL::connection, $1::jsonb)),
       claimed AS (
         INSERT INTO claim (connection_id, tenant_id, hostname, state, reserved_until)
         SELECT id, tenant_id, hostname, CASE WHEN holds THEN 'held' ELSE 'reserved' END, CASE WHEN NOT holds THEN now() + interval '7 days' END
         FROM (SELECT asked.*, id = ANY($2::text[]) AS holds FROM asked) AS asked
         WHERE NOT EXISTS (SELECT FROM claim WHERE claim.hostname = asked.hostname AND claim.state IN ('held', 'quarantined'))
         ORDER BY hostname
         ON CONFLICT DO NOTHING RETURNING connection_id),
       stored AS (INSERT INTO connection SELECT asked.* FROM asked WHERE id IN (SELECT connection_id FROM claimed)),
       told AS (${eventInsertion('$3')} WHERE row.connection_id IN (SELECT connection_id FROM claimed)),
       sent AS (${outbox.text})
       SELECT connection_id FROM claimed`,
      [
        JSON.stringify(lives.map(({ connection }) => connection)), lives.filter(({ claimSteps }) => claimSteps.includes('hold')).map(({ connection }) => connection.id), JSON.stringify(lives.flatMap(eventRecords)),
        lives.flatMap(({ connection }, index) => messages[index]!.map(() => connection.id)), ...outbox.parameters,
      ],
    );
    return new Set(stored.map(({ connection_id }) => connection_id));
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

  async waitingFor(tx: Sql, credential: Credential, page: { after: string; limit: number }): Promise<Connection[]> {
    return sql<Connection>(
      tx,
      `SELECT ${selectedColumns} FROM connection
       WHERE application_id = $1 AND state = 'awaiting_customer' AND requested_setup IS DISTINCT FROM 'manual' AND (credential_id = $2 OR customer_reference IS NOT DISTINCT FROM $3) AND id > $4
       ORDER BY id LIMIT $5`,
      [credential.application_id, credential.id, credential.customer_reference, page.after, page.limit],
    );
  }

  async lockEach(tx: Sql, ids: readonly string[]): Promise<Connection[]> {
    if (ids.length === 0) return [];
    return sql<Connection>(tx, `SELECT ${selectedColumns} FROM connection WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE`, [ids]);
  }

  async lockBlockedRemovals(tx: Sql, credentialId: string): Promise<Connection[]> {
    return sql<Connection>(tx, `SELECT ${selectedColumns} FROM connection WHERE credential_id = $1 AND state = 'removing' AND reason->>'code' = 'removal_blocked' ORDER BY id FOR UPDATE`, [credentialId]);
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
}

/** From records as {@link eventRecords} gives them. */
function eventInsertion(records: string): string {
  return `INSERT INTO domain_event (connection_id, tenant_id, sequence, caused_by, body)
         SELECT row.* FROM jsonb_to_recordset(${records}::jsonb) AS row(connection_id text, tenant_id text, sequence integer, caused_by text, body jsonb)`;
}

function eventRecords({ connection, events }: ConnectionLife): unknown[] {
  return events.map(({ event, by }) => ({ connection_id: connection.id, tenant_id: connection.tenant_id, sequence: event.sequence, caused_by: by, body: event }));
}

function messagesOf({ commands, events, traceparent }: ConnectionLife): RawMessage[] {
  return [
    ...commands.map((message) => ({ id: message.id, subject: message.type, body: message, traceparent })),
    ...events.map(({ event }) => ({ id: uuidOfId(event.id), subject: domainEventSubject(event.type), body: event, traceparent })),
  ];
}
