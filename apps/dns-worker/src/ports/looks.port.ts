import type { Change, RecordSet } from '@connect/domain';
import type { Sql } from '@connect/storage';
import type { LookBack, ZoneWork, ZoneWriting } from '../zone-work/zone-work.js';
import type { ZoneTurn } from './zone-turns.port.js';

/** Looks for what a write was to leave as it was. Each is due work of its zone, so neither a crash nor a busy zone loses one. */
export interface Looks {
  /** Belongs into the transaction of the write's intents. `asker`: one of the works of the write. Returns the id of the look. */
  record(tx: Sql, turn: ZoneTurn, asker: ZoneWriting, look: LookBack, delayMs: number): Promise<string>;
  /** Not before `delayMs` from now: the write was carried out only just, or the one that was to put back what is `lost`. */
  later(tx: Sql, lookId: string, delayMs: number, lost: readonly RecordSet[]): Promise<void>;
  /** It was looked already, or nothing was written. */
  drop(tx: Sql, lookId: string): Promise<void>;
  /** How long ago the write was, in milliseconds, and what other writes of ours have done in the zone since: what they took away is not lost. */
  since(look: ZoneWork<'look'>): Promise<{ ageMs: number; changes: Change[] }>;
}
