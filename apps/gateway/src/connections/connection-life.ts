import { assertMayMove, displayName, newId, newUuid, ownerName, type Clock, type ConnectionState, type Reason } from '@connect/domain';
import type { DomainEvent, DomainEventType, Message, MessageDefinition, DataOf } from '@connect/contracts';
import type { Connection, ConnectionChanges } from './connection.js';

/** Who causes a change: the id of an API key, or `system`; the message it comes from; and the trace, where it is not the one that runs. */
export type Cause = { by: string; messageId: string | null; traceparent?: string | null };
export const system = (messageId: string | null = null): Cause => ({ by: 'system', messageId });

/** What has to happen to the hostname's claim together with a move. */
export type ClaimStep = 'hold' | 'let_down' | 'prove' | 'end';

/** How long a step may take until the sweeper looks at the connection again, in milliseconds. `null`: nobody waits for anything. */
const dueAfterMs = {
  created: 30_000, planning: 60_000, writing: 60_000, propagating: 600_000, awaiting_customer: 86_400_000, awaiting_approval: 86_400_000, live: 86_400_000,
  drifted: 86_400_000, stalled: 86_400_000, failed: null, removing: 60_000, archived: null,
} as const satisfies Record<ConnectionState, number | null>;

/**
 * One connection while it is being changed under its row lock. `move` is the only way to another state; what it gathers (changes, events, commands,
 * claim steps) is stored by `ConnectionStore.save` in the same transaction.
 */
export class ConnectionLife {
  readonly events: { event: DomainEvent; by: string }[] = [];
  readonly commands: Message[] = [];
  readonly claimSteps: ClaimStep[] = [];
  readonly changes: ConnectionChanges = {};

  constructor(private readonly row: Connection, private readonly cause: Cause, private readonly clock: Clock) {}

  get traceparent(): string | null | undefined {
    return this.cause.traceparent;
  }

  get connection(): Connection {
    return { ...this.row, ...this.changes };
  }

  get state(): ConnectionState {
    return this.changes.state ?? this.row.state;
  }

  set(changes: ConnectionChanges): void {
    Object.assign(this.changes, changes);
  }

  /** A newer intent: all work of older generations is superseded from now on. */
  nextGeneration(): void {
    this.set({ generation: this.connection.generation + 1 });
  }

  /** Moves to another state. Throws `forbidden_transition` for an edge that the table does not know. */
  move(to: ConnectionState, reason: Reason | null): void {
    assertMayMove(this.state, to);
    this.set({ state: to, reason, progress_at: this.clock.now() });
    this.expectWithin(dueAfterMs[to]);
    this.tell(to);
  }

  /** Says more about the state without leaving it; no event. */
  note(reason: Reason): void {
    this.set({ reason });
  }

  /** An event of the connection; its sequence has no gaps since the row is locked. */
  tell(type: DomainEventType): void {
    const sequence = this.connection.sequence + 1;
    this.set({ sequence });
    this.events.push({ event: domainEventOf(this.connection, type, this.clock), by: this.cause.by });
  }

  send<Definition extends MessageDefinition>(definition: Definition, data: DataOf<Definition>): void {
    const { id, tenant_id, generation } = this.connection;
    const message: Message = { id: newUuid(), type: definition.type, version: 1, occurred_at: this.clock.now().toISOString(), tenant_id, connection_id: id, generation, step: definition.step, causation_id: this.cause.messageId, data };
    this.commands.push(message);
  }

  claim(step: ClaimStep): void {
    this.claimSteps.push(step);
  }

  expectWithin(ms: number | null): void {
    this.set({ next_step_due_at: ms === null ? null : new Date(this.clock.now().getTime() + ms) });
  }

  /** The connection as it was, changed by nobody yet. */
  again(): ConnectionLife {
    return new ConnectionLife(this.row, this.cause, this.clock);
  }

  now(): Date {
    return this.clock.now();
  }
}

export function domainEventOf(connection: Connection, type: DomainEventType, clock: Clock): DomainEvent {
  return {
    id: newId('event'), type, version: 1, occurred_at: clock.now().toISOString(), tenant_id: connection.tenant_id, connection_id: connection.id, application_id: connection.application_id,
    hostname: displayName(ownerName(connection.hostname)), sequence: connection.sequence, reference: connection.reference, state: connection.state, reason: connection.reason, message_id: null, code: null, findings: [],
  };
}
