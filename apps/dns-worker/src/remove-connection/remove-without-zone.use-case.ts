import type { LedgerStore } from '../ports/records.port.js';
import type { ErrandStore } from '../ports/zone-work-store.port.js';
import type { WorkEnds } from '../zone-work/work-ends.js';
import { factsOf } from '../zone-work/work-facts.js';
import type { ZoneWork } from '../zone-work/zone-work.js';

/** The removal of a connection that never wrote anything: there is nothing to take away. What a newer intent has written meanwhile is not its business. */
export class RemoveWithoutZone {
  constructor(private readonly errands: Pick<ErrandStore, 'zoneKeyOf' | 'waitFor'>, private readonly ledger: LedgerStore, private readonly ends: WorkEnds) {}

  async run(work: ZoneWork<'remove'>): Promise<void> {
    const begun = await this.errands.zoneKeyOf(work.connectionId);
    if (begun !== null) return this.ends.within((tx) => this.errands.waitFor(tx, work, begun));
    await this.ends.endUnlessSuperseded(work, async (tx) => {
      await this.ledger.letGo(tx, work.connectionId);
      return [factsOf(work, this.ends.clock).removed({ receipt: null, removed: [], not_restored: [], kept: work.data.keep_records })];
    });
  }
}
