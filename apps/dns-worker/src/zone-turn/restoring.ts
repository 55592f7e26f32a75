import type { ZoneReading } from '@connect/adapters/spi';
import { isConnectError } from '@connect/domain';
import type { Logger } from '@connect/observability';
import { ZoneState } from '../plan/zone-state.js';
import type { Transactions } from '../ports/transactions.port.js';
import type { ZoneTurn, ZoneTurns } from '../ports/zone-turns.port.js';
import { foreignLosses } from './foreign-losses.js';
import type { ProviderSession } from './provider-sessions.js';
import type { ZoneWrite } from './zone-task.js';

/** Puts back, once, what is gone beside our write although nobody asked for it, and says so to the operator: somebody else wrote in the same moment, or the provider lost it. */
export class Restoring {
  constructor(private readonly transactions: Transactions, private readonly turns: ZoneTurns, private readonly log: Logger) {}

  async restore(session: ProviderSession, turn: ZoneTurn, { changes }: ZoneWrite, { before, after }: { before: ZoneReading; after: ZoneReading | null }): Promise<void> {
    if (after === null) return;
    const losses = foreignLosses(ZoneState.of(before.recordSets), changes, ZoneState.of(after.recordSets));
    if (losses.length === 0) return;
    const about = { zone_key: turn.zoneKey, sets: losses.map(({ ownerName, type }) => `${ownerName} ${type}`) };
    if (!(await this.transactions.run((tx) => this.turns.hold(tx, turn)))) return this.log.error(about, 'foreign values are gone after a write, and the turn is lost: they were not put back');
    try {
      const outcomes = await session.adapter.applyChanges(turn.zone, losses, after, session.signal);
      this.log.error({ ...about, outcomes: outcomes.map(({ status }) => status) }, 'foreign values were gone after a write and were put back');
    } catch (error) {
      if (!isConnectError(error)) throw error;
      this.log.error({ ...about, err: error }, 'foreign values are gone after a write and could not be put back');
    }
  }
}
