import type { DomainEvent, PlanProjection, ReceiptProjection } from '@connect/contracts';
import type { ConnectionState, Reason } from '@connect/domain';
import type { Sql } from '@connect/storage';
import type { ConnectionLife } from '../connections/connection-life.js';
import type { Connection } from '../connections/connection.js';
import type { Sight } from './caller.js';
import type { Credential } from './credential-store.port.js';
import type { Page } from './page.js';

export type ConnectionFilter = { applicationId: string | null; hostname: string | null; state: ConnectionState | null; groupReference: string | null };
export type StoredPlan = { id: string; generation: number; status: 'pending' | 'preview' | 'writing' | 'awaiting_approval' | 'empty' | 'approved' | 'refused'; projection: PlanProjection | null; refusal: Reason | null; as_of: Date };
export type StoredReceipt = { id: string; projection: ReceiptProjection; as_of: Date };
export type EventRow = { sequence: number; caused_by: string; body: DomainEvent };

/** A fact as its connection is found by it. */
export type FactAbout = { messageId: string; tenantId: string; connectionId: string };
/** `isNew`: the fact comes the first time, and will not again. */
export type LockedForFact = { connection: Connection; isNew: boolean };

/** Connections with their events, plans and receipts. `save` is the only writer of a connection's row. */
export abstract class ConnectionStore {
  /**
   * New connections with their claims, events and commands, in one statement: of each all or nothing. Gives the ids of those that are stored. The others are
   * claimed: somebody holds the hostname (a quarantine counts), or another connection of the tenant has it.
   */
  abstract insert(runner: Sql, lives: readonly ConnectionLife[]): Promise<Set<string>>;
  abstract lock(tx: Sql, sight: Sight, id: string): Promise<Connection | null>;
  /**
   * The connections of facts about different connections, locked, by message id; the facts are remembered in the inbox. Who is not there is left out, and with
   * `leave_out` also who is locked by somebody else right now.
   */
  abstract lockForFacts(tx: Sql, facts: readonly FactAbout[], whereLocked: 'wait' | 'leave_out'): Promise<Map<string, LockedForFact>>;
  /** Changes, events and commands of locked connections, in one statement. */
  abstract save(tx: Sql, lives: readonly ConnectionLife[]): Promise<void>;
  abstract find(sight: Sight, id: string): Promise<Connection | null>;
  abstract list(sight: Sight, filter: ConnectionFilter, page: Page): Promise<Connection[]>;
  /** Connections which wait for the customer and may go on with this credential: they name it, or are for the same customer. Oldest first; not locked. */
  abstract waitingFor(tx: Sql, credential: Credential, page: { after: string; limit: number }): Promise<Connection[]>;
  /** Locked in the order of their ids, also those that somebody else changes right now: as they are then. */
  abstract lockEach(tx: Sql, ids: readonly string[]): Promise<Connection[]>;
  /** Connections whose removal was refused and is done with this credential; locked. */
  abstract lockBlockedRemovals(tx: Sql, credentialId: string): Promise<Connection[]>;
  abstract lockByHostname(tx: Sql, sight: Sight, hostname: string): Promise<Connection | null>;
  /** Connections whose next step is overdue; locked, those that somebody else changes right now are left out. */
  abstract lockDue(tx: Sql, limit: number): Promise<Connection[]>;
  abstract events(connectionId: string, afterSequence: number, limit: number): Promise<EventRow[]>;

  abstract storePlan(tx: Sql, connection: Connection, plan: Omit<StoredPlan, 'as_of'>): Promise<void>;
  abstract approvePlan(tx: Sql, planId: string, by: string): Promise<void>;
  /** A preview that the worker refused. */
  abstract refusePendingPlan(tx: Sql, connectionId: string, generation: number, refusal: Reason): Promise<void>;
  abstract latestPlan(connectionId: string, planId: string | null, tx?: Sql): Promise<StoredPlan | null>;
  abstract storeReceipt(tx: Sql, connection: Connection, generation: number, receipt: ReceiptProjection): Promise<void>;
  /** In the place of the receipt of this id, or before it comes. */
  abstract amendReceipt(tx: Sql, connection: Connection, generation: number, receipt: ReceiptProjection): Promise<void>;
  abstract receipts(connectionId: string, page: Page): Promise<StoredReceipt[]>;
  abstract findReceipt(connectionId: string, receiptId: string, tx?: Sql): Promise<StoredReceipt | null>;
}
