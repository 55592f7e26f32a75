import type { PlanProjection, ReceiptProjection } from '@connect/contracts';
import type { Change, OwnerName, RecordSet } from '@connect/domain';
import type { Sql } from '@connect/storage';
import type { Approved } from '../plan/is-allowed.js';
import type { Ledger } from '../plan/ledger.js';
import type { LedgerValue, Plan } from '../plan/plan.js';
import type { Replaced } from '../plan/plan-undo.js';
import type { ForeignLoss } from '../zone-turn/foreign-losses.js';
import type { ZoneWork, ZoneWriting } from '../zone-work/zone-work.js';

/** A plan as it is kept: with its before-image, for approvals, recovery and undo. */
export type KeptPlan = { projection: PlanProjection; plan: Plan };

export interface Plans {
  keep(tx: Sql, work: ZoneWork, kept: KeptPlan): Promise<void>;
  /** What an approval names; null where there is no such plan of this connection with this hash. */
  approved(connectionId: string, approval: { plan_id: string; hash: string }): Promise<Approved | null>;
}

/** Said before each write, so that whoever comes after a crash knows what may have happened. */
export type WriteIntent = { id: string; work: ZoneWriting; kept: KeptPlan; absentLooks: number; mayBeLookedAt: boolean; /** Until then, at least. */ waitMs: number };

export interface WriteIntents {
  record(tx: Sql, zoneKey: string, fence: number, work: ZoneWriting, kept: KeptPlan): Promise<string>;
  open(zoneKey: string): Promise<WriteIntent[]>;
  /** False where it was closed before. */
  close(tx: Sql, intentId: string, how: 'settled' | 'nothing_sent' | 'absent' | 'refused'): Promise<boolean>;
  /**
   * The doubt passes from the connection's works to the removal that keeps its records, in every zone: neighbours go on waiting for a look at the values, and whoever is
   * still at one of the writes settles nothing.
   */
  letGo(tx: Sql, work: ZoneWork<'remove'>): Promise<void>;
  /** Not before `delayMs` from now; `counted`: this was a look that found nothing. */
  lookLater(tx: Sql, intentId: string, delayMs: number, counted: boolean): Promise<void>;
}

export interface LedgerStore {
  /** The rows at these names, and at all names of these connections. */
  load(zoneKey: string, names: readonly OwnerName[], connectionIds: readonly string[]): Promise<Ledger>;
  namesOf(zoneKey: string, connectionIds: readonly string[]): Promise<OwnerName[]>;
  /** `sets`: only what concerns these sets (a write that was partly refused); null: all. */
  apply(tx: Sql, zoneKey: string, work: ZoneWork, plan: Plan, sets: ReadonlySet<string> | null): Promise<void>;
  /** Values that turn out to have been the customer's: whoever owned them uses them. */
  disown(tx: Sql, zoneKey: string, values: readonly LedgerValue[]): Promise<void>;
  /** Those of the connections that own something, or have begun to write it, in whatever zone. */
  owning(connectionIds: readonly string[]): Promise<Set<string>>;
  /** All rows of the connection end, in every zone or in this one. */
  letGo(tx: Sql, connectionId: string, zoneKey?: string): Promise<void>;
}

export type KeptReceipt = { projection: ReceiptProjection; changes: Change[]; /** Foreign values that the write took away. */ replaced: Replaced[] };

export type AmendedReceipt = { tenantId: string; connectionId: string; generation: number; projection: ReceiptProjection };

export interface Receipts {
  keep(tx: Sql, work: ZoneWork, receipt: KeptReceipt): Promise<void>;
  find(tenantId: string, connectionId: string, receiptId: string): Promise<KeptReceipt | null>;
  /** What the connection's writes replaced and no undo has put back. */
  replacedBy(tx: Sql, connectionId: string): Promise<RecordSet[]>;
  /** What this removal has changed so far, in every zone. */
  removals(tx: Sql, work: ZoneWork<'remove'>): Promise<Change[]>;
  undone(tx: Sql, receiptId: string): Promise<void>;
  /** Writes what was lost beside a write into the receipts of its plans, each what is at names that it wrote. Returns those that changed. */
  amend(tx: Sql, planIds: readonly string[], losses: readonly ForeignLoss[]): Promise<AmendedReceipt[]>;
}
