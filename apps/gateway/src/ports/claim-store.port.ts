import type { Sql } from '@connect/storage';
import type { ClaimStep } from '../connections/connection-life.js';
import type { Connection } from '../connections/connection.js';

export type Claim = { state: 'reserved' | 'held' | 'quarantined' | 'released'; proven_at: Date | null; reserved_until: Date | null; quarantined_at: Date | null; absent_since: Date | null };

/** A connection and what it needs of its claim. */
export type Claimant = { connection: Connection; claimSteps: readonly ClaimStep[] };

/** Claims on hostnames (docs/adr/0002-claims.md). */
export abstract class ClaimStore {
  /** A quarantine does not stop its own tenant, and after 30 days nobody who is about to bring proof. Gives how many ended. */
  abstract giveUpQuarantine(tx: Sql, tenantId: string, hostname: string, withProof: boolean): Promise<number>;
  /** Takes the steps of each in order. Gives the ids of the connections whose hostname somebody else holds; of those nothing was changed. */
  abstract take(tx: Sql, claimants: readonly Claimant[]): Promise<Set<string>>;
  /** A write of an older generation was read back. It proves the claim all the same, unless somebody else holds the hostname by now; of a connection that has ended it is quarantined. */
  abstract proveLate(tx: Sql, connection: Connection): Promise<void>;
  abstract find(connectionId: string): Promise<Claim | null>;
  /** The verifier saw that the name no longer points here; the second time at least 24 hours later the quarantine ends. */
  abstract sawAbsence(tx: Sql, connectionId: string): Promise<'kept' | 'ended'>;
  /** Ends reservations that nobody proved within 7 days. */
  abstract releaseUnproven(tx: Sql): Promise<void>;
  /** Quarantined claims that were not looked at for a day; their next look is a day later. */
  abstract lockQuarantinedToLookAt(tx: Sql, limit: number): Promise<{ connectionId: string; tenantId: string }[]>;
}
