import type { ProviderDescriptor } from '@connect/adapters/spi';
import { ConnectError } from '@connect/domain';
import type { ZoneState } from '../plan/zone-state.js';
import type { Randomness } from '../ports/randomness.port.js';
import type { LedgerStore, WriteIntent, WriteIntents } from '../ports/records.port.js';
import type { ZoneTurn } from '../ports/zone-turns.port.js';
import { retryDelayMs } from '../zone-work/retry-delay.js';
import type { WorkEnds } from '../zone-work/work-ends.js';
import { arrivedOf, shownOfPlan } from './evidence.js';
import type { Settling } from './settling.js';
import type { Underway } from './zone-task.js';

/** A write of which nobody knows whether it happened is tried again only after so many looks that do not find it. */
const looksBeforeAgain = 2;
/** An answer may be lost once; whose write comes to nothing more often is at fault itself, or its provider is. */
const lossesAtRandom = 1;
/** Between two looks, where the provider shows writes at once. */
const shortestLookMs = 500;

/**
 * Looks for writes whose end is not known: the worker crashed, or the answer was lost. What was absent before and is there now is ours. Returns
 * the tasks that may be planned, and what stays in doubt; tasks of a connection in doubt wait.
 */
export class Recovery {
  constructor(private readonly intents: WriteIntents, private readonly ledger: LedgerStore, private readonly settling: Settling, private readonly ends: WorkEnds, private readonly random: Randomness) {}

  async look(turn: ZoneTurn, { tasks, open }: Underway, state: ZoneState, descriptor: Pick<ProviderDescriptor, 'settleTimeMs'>): Promise<Underway> {
    const over = new Set<string>();
    const waiting = new Map<string, number>();
    const inDoubt: WriteIntent[] = [];
    for (const intent of open) {
      const waitMs = intent.mayBeLookedAt ? await this.lookFor(turn, intent, state, descriptor, over) : Math.max(intent.waitMs, 1);
      if (waitMs === 0) continue;
      waiting.set(intent.work.connectionId, waitMs);
      inDoubt.push(intent);
    }
    for (const { work } of tasks) {
      const waitMs = waiting.get(work.connectionId);
      if (waitMs !== undefined && !over.has(work.id)) await this.ends.delay(work, { code: 'outcome_unknown', detail: null, delayMs: waitMs, attempts: work.attempts });
    }
    return { tasks: tasks.filter(({ work }) => !over.has(work.id) && !waiting.has(work.connectionId)), open: inDoubt };
  }

  /** Returns how long to wait for the next look; 0 when the intent is closed. */
  private async lookFor(turn: ZoneTurn, intent: WriteIntent, state: ZoneState, { settleTimeMs }: Pick<ProviderDescriptor, 'settleTimeMs'>, over: Set<string>): Promise<number> {
    const { work } = intent;
    const isAbsent = shownOfPlan(intent.kept.plan, state) !== 'all';
    if (!isAbsent && (await this.settling.proven(turn, work, intent.id, intent.kept))) {
      over.add(work.id);
      return 0;
    }
    if (isAbsent && intent.absentLooks + 1 < looksBeforeAgain) {
      const waitMs = Math.max(settleTimeMs, shortestLookMs);
      await this.ends.within((tx) => this.intents.lookLater(tx, intent.id, waitMs, true));
      return waitMs;
    }
    // What arrived of it is ours, also where its work was refused meanwhile, and so is a value of our own that it was to share. The rest is planned again.
    await this.ends.together(async (ends, tx) => {
      // Who comes second, after a turn that was lost meanwhile, changes nothing.
      if (!(await this.intents.close(tx, intent.id, isAbsent ? 'absent' : 'settled'))) return;
      // What its connection let go of is nobody's.
      if (work.kind === 'remove' && work.data.keep_records) return;
      await this.ledger.apply(tx, turn.zoneKey, work, arrivedOf(intent.kept.plan, state), null);
      if (!isAbsent || work.attempts <= lossesAtRandom) return;
      over.add(work.id);
      // One bad request holds up a batch; by itself it is seen which one it is.
      await ends.delay(work, { code: 'outcome_unknown', detail: null, delayMs: retryDelayMs(new ConnectError('outcome_unknown'), work.attempts, this.random), alone: true, attempts: work.attempts });
    });
    return 0;
  }
}
