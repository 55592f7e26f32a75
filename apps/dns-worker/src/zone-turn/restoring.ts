import type { ChangeOutcome, ZoneReading } from '@connect/adapters/spi';
import { errorCatalogue, isConnectError, recordSetKey, valuesOf, type Change, type RecordSet } from '@connect/domain';
import type { Logger } from '@connect/observability';
import type { Looks } from '../ports/looks.port.js';
import type { Tally } from '../ports/tally.port.js';
import type { Transactions } from '../ports/transactions.port.js';
import type { ZoneTurn, ZoneTurns } from '../ports/zone-turns.port.js';
import { allOf, nothingLost, withReturned, type ForeignLoss, type Losses, type Restoration } from './foreign-losses.js';
import type { ProviderSession } from './provider-sessions.js';

/**
 * Puts back what is gone beside a write of ours although nobody asked for it: somebody else wrote in the same moment, or the provider lost it. The
 * operator is told here; whoever calls writes it into the receipts.
 */
export class Restoring {
  constructor(private readonly transactions: Transactions, private readonly turns: ZoneTurns, private readonly looks: Pick<Looks, 'later'>, private readonly given: { log: Logger; tally: Tally }) {}

  /** Of what `after` does not show any more, that which nothing stands in the place of. */
  async putBack(session: ProviderSession, turn: ZoneTurn, { look, losses }: { look: { id: string; lost: readonly RecordSet[] }; losses: Losses }, after: ZoneReading): Promise<Restoration> {
    const left = this.leave(turn, losses.replaced, 'another value stands in its place');
    const { losses: missing, isCertain } = await this.bringBack(session, turn, { look, losses: losses.missing }, after);
    return { losses: [...left.losses, ...missing], isCertain };
  }

  /** The losses are noted at the look before they are sent: whoever comes after a crash looks for them. */
  private async bringBack(session: ProviderSession, turn: ZoneTurn, { look, losses }: { look: { id: string; lost: readonly RecordSet[] }; losses: readonly Change[] }, after: ZoneReading): Promise<Restoration> {
    if (losses.length === 0) return nothingLost;
    const lost = allOf(withReturned(look.lost, { losses: losses.map((loss) => lossOf(loss, false)), isCertain: false }).losses);
    const isHeld = await this.transactions.run(async (tx) => {
      if (!(await this.turns.hold(tx, turn, session.descriptor.settleTimeMs))) return false;
      await this.looks.later(tx, look.id, session.descriptor.settleTimeMs, lost);
      return true;
    });
    if (!isHeld) return { ...this.leave(turn, losses, 'the turn was lost'), isCertain: false };
    this.given.log.error(about(turn, losses), 'foreign values are gone after a write; putting them back');
    try {
      const outcomes = await session.adapter.applyChanges(turn.zone, losses, after, session.signal);
      return this.toldOf(turn, losses, outcomes);
    } catch (error) {
      if (!isConnectError(error)) throw error;
      return { ...this.leave(turn, losses, error.code), isCertain: error.row.retry === 'never' };
    }
  }

  /** Only says so. */
  leave(turn: ZoneTurn, losses: readonly Change[], why: string): Restoration {
    if (losses.length > 0) this.given.log.error({ ...about(turn, losses), why }, 'foreign values are gone after a write and were not put back');
    return this.counted(turn, losses.map((loss) => lossOf(loss, false)), true);
  }

  private toldOf(turn: ZoneTurn, losses: readonly Change[], outcomes: readonly ChangeOutcome[]): Restoration {
    const restored = new Set(outcomes.filter(({ status }) => status === 'applied').map(({ change }) => recordSetKey(change)));
    const isBack = losses.every((loss) => restored.has(recordSetKey(loss)));
    const said = { ...about(turn, losses), outcomes: outcomes.map(({ status }) => status) };
    if (isBack) this.given.log.info(said, 'foreign values were gone after a write and were put back');
    else this.given.log.error(said, 'foreign values are gone after a write, and not all are back yet');
    const isCertain = outcomes.every(({ status, code }) => status === 'applied' || (status === 'refused' && errorCatalogue[code ?? 'internal'].retry === 'never'));
    return this.counted(turn, losses.map((loss) => lossOf(loss, restored.has(recordSetKey(loss)))), isCertain);
  }

  private counted({ provider }: ZoneTurn, losses: ForeignLoss[], isCertain: boolean): Restoration {
    for (const { putBack } of losses) this.given.tally.lost(provider, putBack);
    return { losses, isCertain };
  }
}

function lossOf(change: Change, putBack: boolean): ForeignLoss {
  const mark = change.after?.untouchable;
  return { ownerName: change.ownerName, type: change.type, ttlSeconds: change.after?.ttlSeconds ?? 0, values: valuesOf(change).added, ...(mark === undefined ? {} : { untouchable: mark }), putBack };
}

function about(turn: ZoneTurn, losses: readonly Change[]): { zone_key: string; sets: string[] } {
  return { zone_key: turn.zoneKey, sets: losses.map(({ ownerName, type }) => `${ownerName} ${type}`) };
}
