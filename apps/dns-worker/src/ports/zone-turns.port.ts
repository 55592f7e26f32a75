import type { Zone } from '@connect/adapters/spi';
import type { Sql } from '@connect/storage';

/** The right to write in one zone, until it ends or is lost. `fence` grows with each turn. */
export type ZoneTurn = {
  zoneKey: string;
  provider: string;
  zone: Zone;
  holder: string;
  fence: number;
  /** Of this turn, in milliseconds on the monotonic clock; 0 when it is over. */
  remainingMs(): number;
  /** False once something was written that the provider's own reads may not show yet: who plans on such a reading takes it back. */
  isSettled(): boolean;
};

/** How long a turn lasts, in milliseconds: as long as a lease at most. */
export const turnMs = 30_000;

/**
 * Where each write carries the whole zone (Namecheap), a turn waits until nothing new came for so long, but not longer than this: a second turn would cost as many
 * calls as the first.
 */
export const gathering = { quietMs: 700, mostMs: 5_000 } as const;

export interface ZoneTurns {
  /**
   * Takes turns of zones that have due work, most urgent first. A turn that was not given back counts as over only after its end, the time of one call and
   * the provider's settle time: until then its holder's last request may still arrive.
   */
  take(holder: string, limit: number): Promise<ZoneTurn[]>;
  /** Before a write: is the turn still ours? Also extends it by its full length. `settleTimeMs`: of the provider. */
  hold(tx: Sql, turn: ZoneTurn, settleTimeMs: number): Promise<boolean>;
  /** The next turn begins when whatever was written in this one can be read. */
  release(turn: ZoneTurn): Promise<void>;
  /** Nobody writes in the zone for so long: a lost request may still arrive. */
  keepQuiet(tx: Sql, turn: ZoneTurn, quietMs: number): Promise<void>;
}
