import type { ChangeOutcome, ZoneReading } from '@connect/adapters/spi';
import { errorCatalogue, isConnectError, recordSetKey, valuesOf, type Change } from '@connect/domain';
import type { Logger } from '@connect/observability';
import type { Tally } from '../ports/tally.port.js';
import type { Transactions } from '../ports/transactions.port.js';
import type { ZoneTurn, ZoneTurns } from '../ports/zone-turns.port.js';
import { nothingLost, type ForeignLoss, type Restoration } from './foreign-losses.js';
import type { ProviderSession } from './provider-sessions.js';

/**
 * Puts back what is gone beside a write of ours although nobody asked for it: somebody else wrote in the same moment, or the provider lost it. The
 * operator is told here; whoever calls writes it into the receipts.
 */
export class Restoring {
  constructor(private readonly transactions: Transactions, private readonly turns: ZoneTurns, private readonly given: { log: Logger; tally: Tally }) {}

  /** `losses`: the changes that put back what `after` does not show any more. */
  async putBack(session: ProviderSession, turn: ZoneTurn, losses: readonly Change[], after: ZoneReading): Promise<Restoration> {
    if (losses.length === 0) return nothingLost;
    if (!(await this.transactions.run((tx) => this.turns.hold(tx, turn)))) return { ...this.leave(turn, losses, 'the turn was lost'), isCertain: false };
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
    this.given.log.error(said, isBack ? 'foreign values were gone after a write and were put back' : 'foreign values are gone after a write, and not all are back yet');
    const isCertain = outcomes.every(({ status, code }) => status === 'applied' || (status === 'refused' && errorCatalogue[code ?? 'internal'].retry === 'never'));
    return this.counted(turn, losses.map((loss) => lossOf(loss, restored.has(recordSetKey(loss)))), isCertain);
  }

  private counted({ provider }: ZoneTurn, losses: ForeignLoss[], isCertain: boolean): Restoration {
    for (const { putBack } of losses) this.given.tally.lost(provider, putBack);
    return { losses, isCertain };
  }
}

function lossOf(change: Change, putBack: boolean): ForeignLoss {
  return { ownerName: change.ownerName, type: change.type, ttlSeconds: change.after?.ttlSeconds ?? 0, values: valuesOf(change).added, putBack };
}

function about(turn: ZoneTurn, losses: readonly Change[]): { zone_key: string; sets: string[] } {
  return { zone_key: turn.zoneKey, sets: losses.map(({ ownerName, type }) => `${ownerName} ${type}`) };
}
