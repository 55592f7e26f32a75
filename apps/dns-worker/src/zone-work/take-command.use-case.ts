import type { Inbox } from '@connect/messaging';
import type { Transactions } from '../ports/transactions.port.js';
import type { NewWork, ZoneWorkStore } from '../ports/zone-work-store.port.js';
import type { WorkNudge } from '../ports/work-nudge.port.js';
import type { Tell } from './work-ends.js';

/**
 * All that a command does: it becomes a row, once. A command whose work is settled is answered again with the facts of then, under the same ids; one whose work
 * waits changes nothing.
 */
export class TakeCommand {
  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Pick<Inbox, 'firstTime'>,
    private readonly works: ZoneWorkStore,
    private readonly outbox: Tell,
    private readonly nudge: WorkNudge,
  ) {}

  /** Throws `tenant_mismatch` for a connection of another tenant. */
  async run(consumer: string, work: NewWork): Promise<void> {
    await this.transactions.run(async (tx) => {
      if (!(await this.inbox.firstTime(tx, consumer, work.causationId))) return;
      const known = await this.works.add(tx, work);
      if (known !== null) await this.outbox.add(tx, ...known.settledWith);
    });
    this.nudge.nudge();
  }
}
