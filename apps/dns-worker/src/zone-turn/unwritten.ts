import { newId } from '@connect/domain';
import { isSafe } from '../plan/is-allowed.js';
import { projectPlan } from '../plan/project-plan.js';
import type { KnownZones } from '../ports/known-zones.port.js';
import type { LedgerStore, Plans, Receipts } from '../ports/records.port.js';
import type { ErrandStore } from '../ports/zone-work-store.port.js';
import type { ZoneTurn } from '../ports/zone-turns.port.js';
import type { WorkEnds } from '../zone-work/work-ends.js';
import { factsOf } from '../zone-work/work-facts.js';
import type { ZoneWriting } from '../zone-work/zone-work.js';
import { receiptOf } from './receipt-of.js';
import { removedHere } from './removed-here.js';
import type { Drawn } from './zone-task.js';

export type UnwrittenRecords = { ledger: LedgerStore; plans: Plans; receipts: Receipts };

const shortestWaitMs = 500;

/** Ends the works of a turn that write nothing: nothing to do, somebody has to be asked, impossible, the wrong zone, or not yet. */
export class Unwritten {
  constructor(
    private readonly records: UnwrittenRecords,
    private readonly errands: Pick<ErrandStore, 'doubt'>,
    private readonly zones: KnownZones,
    private readonly ends: WorkEnds,
  ) {}

  /** `settleTimeMs`: after so long the end of a write that is in doubt may be known. False where a newer intent came instead: the plans after it may rest on this one. */
  async end(turn: ZoneTurn, drawn: Drawn, settleTimeMs: number): Promise<boolean> {
    const { task: { work }, plan, decision } = drawn;
    switch (decision) {
      case 'empty':
        return this.empty(turn, drawn);
      case 'ask':
        return this.ask(turn, drawn);
      case 'refuse':
        await this.ends.refuse(work, plan.refusal?.code ?? 'internal', plan.refusal?.detail ?? null);
        break;
      case 'doubt':
        await this.doubt(turn, work, `the name is delegated at ${plan.delegatedAt ?? ''} to other name servers`);
        break;
      case 'wait':
        await this.ends.delay(work, { code: 'outcome_unknown', detail: 'a value that it shares with another connection is just being written', delayMs: Math.max(settleTimeMs, shortestWaitMs), attempts: work.attempts });
        break;
      case 'write':
      case 'part':
        break;
    }
    return true;
  }

  superseded(work: ZoneWriting): Promise<void> {
    return this.ends.supersede(work);
  }

  /** The zone is not the one of this name, or not there any more: the provider is asked once more, then it is refused. */
  async doubt(turn: ZoneTurn, work: ZoneWriting, detail: string): Promise<void> {
    const asked = await this.ends.within(async (tx) => {
      if (work.data.credential_id !== null) await this.zones.forget(tx, work.data.credential_id, turn.zoneKey);
      return this.errands.doubt(tx, work);
    });
    if (!asked) await this.ends.refuse(work, 'zone_not_found', detail);
  }

  private async empty(turn: ZoneTurn, { task: { work }, plan }: Drawn): Promise<boolean> {
    return this.ends.endUnlessSuperseded(work, async (tx, now) => {
      const projection = projectPlan(plan, { id: newId('plan'), zone: turn.zone, safe: true, madeAt: now });
      await this.records.plans.keep(tx, work, { plan, projection });
      await this.records.ledger.apply(tx, turn.zoneKey, work, plan, null);
      if (work.kind === 'remove') return removedHere(tx, { records: this.records, ends: this.ends }, turn, work, null);
      const facts = factsOf(work, this.ends.clock);
      const receipt = receiptOf(plan, projection, now);
      await this.records.receipts.keep(tx, work, receipt);
      return [facts.planned(projection, 'empty'), facts.applied(receipt.projection)];
    });
  }

  private async ask(turn: ZoneTurn, { task: { work, policy }, plan }: Drawn): Promise<boolean> {
    return this.ends.endUnlessSuperseded(work, async (tx, now) => {
      const projection = projectPlan(plan, { id: newId('plan'), zone: turn.zone, safe: isSafe(plan, policy), madeAt: now });
      await this.records.plans.keep(tx, work, { plan, projection });
      return [factsOf(work, this.ends.clock).planned(projection, 'awaiting_approval')];
    });
  }
}
