import type { Message } from '@connect/contracts';
import type { Sql } from '@connect/storage';
import type { ZoneWork, ZoneWriting, WorkCommand, Lane } from '../zone-work/zone-work.js';

/** What a command becomes. `step` is unique together with connection and generation. */
export type NewWork = WorkCommand & { tenantId: string; connectionId: string; generation: number; step: string; causationId: string; lane: Lane };

export type Settlement = 'done' | 'refused' | 'superseded';

export interface ZoneWorkStore {
  /**
   * Writes the row, remembers the connection's generation, and looks whether the zone is known. For a key that is there already: the facts with which it was settled,
   * or null. Throws `tenant_mismatch`.
   */
  add(tx: Sql, work: NewWork): Promise<{ settledWith: Message[] } | null>;
  /** All work of a zone that is due, or as good as due, most urgent first. */
  due(zoneKey: string): Promise<(ZoneWriting | ZoneWork<'look'>)[]>;
  /** Which of these belong to a generation that is not the highest any more? Others cannot raise it until the transaction ends; null: as it is at this moment. */
  superseded(tx: Sql | null, works: readonly ZoneWork[]): Promise<Set<string>>;
  /** Ends the work, and returns the facts that were told before; null where another one ended it already, or it went on in another zone. */
  settle(tx: Sql, work: ZoneWork, outcome: Settlement): Promise<Message[] | null>;
  /** The removal waits again, for a zone other than this in which the connection owns something or may have written. False where there is none. */
  goOnElsewhere(tx: Sql, work: ZoneWork<'remove'>, zoneKey: string): Promise<boolean>;
  /** The facts with which its command is answered when it comes again. */
  remember(tx: Sql, work: ZoneWork, facts: Message[]): Promise<void>;
  /** False where the work has ended. */
  postpone(tx: Sql, work: ZoneWork, delayMs: number, change?: { alone?: boolean; partly?: boolean; attempts?: number }): Promise<boolean>;
}

/** What needs no turn: the search for a zone, a preview, a check. */
export interface ErrandStore {
  /** Claims due errands of one credential, so that one search serves many; empty where nothing is due. */
  claim(holder: string): Promise<ZoneWork[]>;
  /** The zone is known: from here on the work waits for its turn. */
  located(tx: Sql, work: ZoneWork, zone: LocatedZone): Promise<void>;
  /** The same for a zone that had turns before. */
  waitFor(tx: Sql, work: ZoneWork, zoneKey: string): Promise<void>;
  /** Milliseconds until something becomes due, or null. */
  nextDueInMs(): Promise<number | null>;
  /** The zone was the wrong one; false where that was said before. */
  doubt(tx: Sql, work: ZoneWork): Promise<boolean>;
  /** The zone in which the connection owns something or has begun to write, or null. */
  zoneKeyOf(connectionId: string): Promise<string | null>;
}

export type LocatedZone = { zoneKey: string; provider: string; zoneId: string; apex: string; quietMs: number };
