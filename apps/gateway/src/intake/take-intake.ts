import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ConnectError, isConnectError, isId, newId, unstorableTexts, type Clock, type ErrorCode, type Finding } from '@connect/domain';
import type { DomainEvent } from '@connect/contracts';
import { dead, done, Outbox, type BusContext, type Outcome } from '@connect/messaging';
import type { Sql } from '@connect/storage';
import { ChangeConnection } from '../connections/change-connection.js';
import { domainEventOf, type ConnectionLife } from '../connections/connection-life.js';
import { CLOCK } from '../ports/clock.port.js';
import { Database } from '../ports/database.port.js';
import { IntakeStore } from '../ports/intake-store.port.js';
import { TenantStore } from '../ports/key-store.port.js';

type IntakeMessage = { id: string; publisher: string; data: { tenant_id: string; reference?: string } };
export type IntakeWork<Message> = { schema: z.ZodType<Message>; act(tx: Sql, message: Message): Promise<ConnectionLife> };

const mostFindings = 20;

/** What is left of a message that does not fit its schema: whoever can be answered is answered. */
const Remains = z.object({ id: z.string().max(128).nullable().catch(null), data: z.object({ tenant_id: z.string().max(64).nullable().catch(null), reference: z.string().max(255).nullable().catch(null) }).nullable().catch(null) }).nullable().catch(null);

/**
 * Messages of other internal services: each one is answered by `domain.events.accepted` or `domain.events.rejected` with the publisher's id, after our commit;
 * never dropped, never looping. What was accepted once is not done twice.
 */
@Injectable()
export class TakeIntake {
  constructor(
    private readonly database: Database,
    private readonly intake: IntakeStore,
    private readonly tenants: TenantStore,
    private readonly changes: ChangeConnection,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run<Message extends IntakeMessage>(payload: unknown, context: BusContext, work: IntakeWork<Message>): Promise<Outcome> {
    const parsed = work.schema.safeParse(payload);
    const findings = parsed.success ? unstorableTexts(parsed.data) : parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
    if (!parsed.success || findings.length > 0) return this.refuseMalformed(payload, findings.slice(0, mostFindings), context);
    const message = parsed.data;
    const refusal = await this.refusalOf(message, context);
    if (refusal !== null) return this.reject(message, refusal);
    try {
      return await this.accept(message, work);
    } catch (error) {
      // What may go better later goes back to the bus; everything else is the publisher's to mend.
      if (!isConnectError(error) || error.row.retry !== 'never') throw error;
      return this.reject(message, error);
    }
  }

  private async accept<Message extends IntakeMessage>(message: Message, work: IntakeWork<Message>): Promise<Outcome> {
    const eventId = newId('event');
    const life = await this.database.transaction(async (tx) => {
      if (!(await this.intake.firstTime(tx, message.publisher, message.id, eventId))) return null;
      const acted = await work.act(tx, message);
      const event: DomainEvent = { ...domainEventOf(acted.connection, 'accepted', this.clock), id: eventId, sequence: null, message_id: message.id, reference: message.data.reference ?? acted.connection.reference };
      await this.intake.answer(tx, event);
      return acted;
    });
    if (life !== null) this.changes.announce(life);
    this.outbox.nudge();
    return done();
  }

  private async refusalOf({ data }: IntakeMessage, { subject }: BusContext): Promise<ConnectError | null> {
    const named = subject.split('.')[2];
    if (named !== undefined && named !== data.tenant_id) return new ConnectError('tenant_mismatch');
    if (!isId('tenant', data.tenant_id) || (await this.tenants.find(data.tenant_id)) === null) return new ConnectError('not_found', { errors: [{ path: 'data.tenant_id', message: 'not found' }] });
    return null;
  }

  private async reject(message: IntakeMessage, error: ConnectError): Promise<Outcome> {
    const event = this.rejection(message.id, message.data.tenant_id, message.data.reference ?? null, error.code, error.errors.length > 0 ? error.errors : [{ path: '', message: error.detail ?? error.row.message }]);
    await this.database.transaction(async (tx) => {
      if (await this.intake.firstTime(tx, message.publisher, message.id, event.id)) await this.intake.answer(tx, event);
    });
    this.outbox.nudge();
    return done();
  }

  private async refuseMalformed(payload: unknown, findings: Finding[], { subject, streamSequence, storedAt }: BusContext): Promise<Outcome> {
    const remains = Remains.parse(payload);
    const event = this.rejection(remains?.id ?? null, remains?.data?.tenant_id ?? null, remains?.data?.reference ?? null, 'malformed_message', findings);
    // It may have no id to know it by, but its place on the bus is the same when it is delivered again or its dead letter is replayed. No publisher is called ''.
    await this.database.transaction(async (tx) => {
      if (await this.intake.firstTime(tx, '', `${subject} ${streamSequence} ${storedAt}`, event.id)) await this.intake.answer(tx, event);
    });
    this.outbox.nudge();
    return dead({ code: 'malformed_message', detail: 'the message does not fit its schema' });
  }

  private rejection(messageId: string | null, tenantId: string | null, reference: string | null, code: ErrorCode, findings: Finding[]): DomainEvent {
    return {
      id: newId('event'), type: 'rejected', version: 1, occurred_at: this.clock.now().toISOString(), tenant_id: tenantId, connection_id: null, application_id: null, hostname: null, sequence: null, reference,
      state: null, reason: null, message_id: messageId, code, findings,
    };
  }
}
