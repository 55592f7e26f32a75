import { applyConnection, recordSetToWire, removeConnection, undoReceipt, type ConflictPolicy, type Message, type PlanProjection, type ReceiptProjection } from '@connect/contracts';
import { displayName, newId, type Clock, type OwnerName, type RecordSet } from '@connect/domain';
import { newMessage } from '@connect/messaging';
import type { StormDatabase, WorkEnd } from '../../apps/dns-worker/src/storm-worker.fake.js';

type Command = Parameters<StormDatabase['take']>;
export type Intent = { generation: number; kind: 'apply' | 'remove' | 'keep' | 'undo'; wishes: RecordSet[]; command: Command };
export type Connection = { id: string; tenantId: string; applicationId: string; credentialId: string; hostname: OwnerName; policy: ConflictPolicy; intents: Intent[] };
/** A plan that somebody agreed to, with what it said that it takes away. */
export type Approval = { plan: PlanProjection; connection: Connection };

/** What the gateway does as far as a worker sees it: every intent raises the generation, is sent at least once, and follows from the facts that came. */
export class Gateway {
  readonly connections: Connection[] = [];
  readonly approvals: Approval[] = [];

  constructor(private readonly database: StormDatabase, private readonly provider: string, private readonly clock: Clock) {}

  connection(tenant: { tenantId: string; applicationId: string; credentialId: string }, hostname: OwnerName, policy: ConflictPolicy): Connection {
    const connection: Connection = { id: newId('connection'), ...tenant, hostname, policy, intents: [] };
    this.connections.push(connection);
    return connection;
  }

  apply(connection: Connection, wishes: RecordSet[], approval: { plan_id: string; hash: string } | null = null): Promise<void> {
    const data = { ...this.target(connection), record_sets: wishes.map(recordSetToWire), conflict_policy: connection.policy, approval, lane: 'interactive' as const };
    const message = newMessage(applyConnection, this.about(connection), data, this.clock);
    return this.send(connection, 'apply', wishes, [message, { kind: 'apply', data }, 0]);
  }

  remove(connection: Connection, keep: boolean): Promise<void> {
    const data = { ...this.target(connection), keep_records: keep };
    const message = newMessage(removeConnection, this.about(connection), data, this.clock);
    return this.send(connection, keep ? 'keep' : 'remove', [], [message, { kind: 'remove', data }, 0]);
  }

  /** Of the last write; nothing where there was none. */
  async undo(connection: Connection): Promise<void> {
    const receipt = (await this.factsOf(connection)).filter(({ type }) => type === 'evt.dns.changes-applied').map(({ data }) => (data as { receipt: ReceiptProjection }).receipt).findLast(({ undo_until: until }) => until !== null);
    if (receipt === undefined) return;
    const data = { ...this.target(connection), receipt_id: receipt.id };
    const message = newMessage(undoReceipt, this.about(connection), data, this.clock);
    await this.send(connection, 'undo', [], [message, { kind: 'undo', data }, 0]);
  }

  /** Agrees to what waits for somebody; false where nothing does. */
  async approve(connection: Connection): Promise<boolean> {
    const last = connection.intents.at(-1);
    const fact = (await this.factsOf(connection)).findLast(({ type, generation }) => type === 'evt.dns.plan-made' && generation === last?.generation);
    if (last?.kind !== 'apply' || fact === undefined) return false;
    const { plan, next } = fact.data as { plan: PlanProjection; next: string };
    if (next !== 'awaiting_approval') return false;
    this.approvals.push({ plan, connection });
    await this.apply(connection, last.wishes, { plan_id: plan.id, hash: plan.hash });
    return true;
  }

  /** The same intent again, as whoever calls "retry" asks for it. */
  async retry(connection: Connection): Promise<void> {
    const last = connection.intents.at(-1);
    if (last?.kind === 'apply') await this.apply(connection, last.wishes);
    if (last?.kind === 'remove' || last?.kind === 'keep') await this.remove(connection, last.kind === 'keep');
  }

  /** The bus delivers at least once. */
  async redeliver(connection: Connection): Promise<void> {
    const last = connection.intents.at(-1);
    if (last !== undefined) await this.database.take(...last.command);
  }

  factsOf(connection: Connection): Promise<Message[]> {
    return this.database.facts([connection.id]);
  }

  /** Where the newest intent of a connection stands. */
  async end(connection: Connection): Promise<WorkEnd | null> {
    return (await this.database.ends([connection.id])).findLast(({ generation }) => generation === connection.intents.at(-1)?.generation) ?? null;
  }

  private async send(connection: Connection, kind: Intent['kind'], wishes: RecordSet[], command: Command): Promise<void> {
    connection.intents.push({ generation: this.about(connection).generation, kind, wishes, command });
    await this.database.take(...command);
  }

  private about(connection: Connection): { tenantId: string; connectionId: string; generation: number } {
    return { tenantId: connection.tenantId, connectionId: connection.id, generation: connection.intents.length + 1 };
  }

  private target({ applicationId, hostname, credentialId }: Connection) {
    return { application_id: applicationId, hostname: displayName(hostname), provider: this.provider, credential_id: credentialId, zone: null };
  }
}
