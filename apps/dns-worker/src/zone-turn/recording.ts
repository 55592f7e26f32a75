import type { ZoneReading } from '@connect/adapters/spi';
import { newId, type Clock, type OwnerName, type RecordSet } from '@connect/domain';
import { withTrace } from '@connect/observability';
import type { Sql } from '@connect/storage';
import { isSafe } from '../plan/is-allowed.js';
import { projectPlan } from '../plan/project-plan.js';
import { ZoneState } from '../plan/zone-state.js';
import type { CrashPoints } from '../ports/crash-points.port.js';
import type { Looks } from '../ports/looks.port.js';
import type { LedgerStore, Plans, WriteIntents } from '../ports/records.port.js';
import type { Transactions } from '../ports/transactions.port.js';
import type { ZoneTurn, ZoneTurns } from '../ports/zone-turns.port.js';
import type { ZoneWorkStore } from '../ports/zone-work-store.port.js';
import type { Tell } from '../zone-work/work-ends.js';
import { factsOf } from '../zone-work/work-facts.js';
import { accountOf } from '../zone-work/zone-work.js';
import { composed, drawUp } from './draw-up.js';
import { arrivedOf, valuesInDoubt } from './evidence.js';
import { keptBeside } from './foreign-losses.js';
import type { ProviderSession } from './provider-sessions.js';
import { isWritten, type Drawn, type Intended, type Underway, type ZoneTask, type ZoneWrite } from './zone-task.js';

export type RecordingRecords = { ledger: LedgerStore; plans: Plans; intents: WriteIntents; looks: Looks; works: ZoneWorkStore };
type Session = Pick<ProviderSession, 'capabilities' | 'descriptor'>;
type Saying = { writing: readonly Drawn[]; empty: readonly Drawn[]; state: ZoneState };
type Said = { intended: Intended[]; look: ZoneWrite['look'] };

/**
 * Plans the tasks and says what will be written, before it is: fence check, generation check, plans, intents and facts in one transaction. HTTP knows no fence, so
 * this is the last moment at which a worker that lost its turn, or a superseded intent, can be stopped.
 */
export class Recording {
  constructor(
    private readonly transactions: Transactions,
    private readonly turns: ZoneTurns,
    private readonly records: RecordingRecords,
    private readonly outbox: Tell,
    private readonly given: { clock: Clock; crash: CrashPoints },
  ) {}

  async record(turn: ZoneTurn, { tasks, open }: Underway, reading: ZoneReading, names: readonly OwnerName[], session: Session): Promise<ZoneWrite> {
    const state = ZoneState.of(reading.recordSets);
    const ledger = await this.records.ledger.load(turn.zoneKey, names, tasks.map(({ work }) => work.connectionId));
    const doubtful = valuesInDoubt(open.map(({ kept }) => kept.plan));
    const { drawn } = drawUp(tasks, { apex: turn.zone.apex, state, ledger, doubtful, capabilities: session.capabilities, recordSetCount: reading.recordSetCount });
    const writing = drawn.filter(isWritten);
    const others = drawn.filter((each) => !isWritten(each));
    if (writing.length === 0) return { changes: [], intended: [], others, superseded: [], isTurnLost: false, look: null };
    const changes = composed(writing, state);
    const kept = session.descriptor.writeGuard === 'none' ? keptBeside(state, changes, session.capabilities.mayLose) : [];

    this.given.crash.reached('before-intent');
    const empty = drawn.filter(({ decision }) => decision === 'empty');
    const beside = { kept, settleTimeMs: session.descriptor.settleTimeMs };
    const said = await this.transactions.run((tx, now) => this.say(tx, turn, { writing, empty, state }, beside, now));
    if (said === 'turn lost') return { changes: [], intended: [], others: [], superseded: [], isTurnLost: true, look: null };
    if ('superseded' in said) {
      // The plans of the others were drawn up on what this one would have written.
      const rest = await this.record(turn, { tasks: tasks.filter(({ work }) => !said.superseded.has(work.id)), open }, reading, names, session);
      return { ...rest, superseded: [...rest.superseded, ...tasks.map(({ work }) => work).filter(({ id }) => said.superseded.has(id))] };
    }
    this.given.crash.reached('after-intent');
    return { changes, ...said, others, superseded: [], isTurnLost: false };
  }

  private async say(tx: Sql, turn: ZoneTurn, { writing, empty, state }: Saying, beside: { kept: RecordSet[]; settleTimeMs: number }, now: Date): Promise<Said | { superseded: Set<string> } | 'turn lost'> {
    if (!(await this.turns.hold(tx, turn, beside.settleTimeMs))) return 'turn lost';
    const superseded = await this.records.works.superseded(tx, [...writing, ...empty].map(({ task }) => task.work));
    if (superseded.size > 0) return { superseded };
    await this.shareFound(tx, turn, empty, state);
    const intended: Intended[] = [];
    for (const { task, plan } of writing) {
      const projection = projectPlan(plan, { id: newId('plan'), zone: turn.zone, safe: isSafe(plan, task.policy), madeAt: now });
      await this.records.plans.keep(tx, task.work, { plan, projection });
      const intentId = await this.records.intents.record(tx, turn.zoneKey, turn.fence, task.work, { plan, projection });
      // Of a part nobody is told before the rest is known: only then it is clear what is asked.
      if (task.work.kind !== 'remove' && plan.isPart !== true) await this.tellPlan(tx, task, projection);
      intended.push({ task, plan, projection, intentId });
    }
    return { intended, look: await this.keepLook(tx, turn, intended, beside) };
  }

  /**
   * What stands there and is ours is left to whom it suffices as it is: that he shares it is kept with the writes that rest on it, or between their end and his
   * nobody would own it.
   */
  private async shareFound(tx: Sql, turn: ZoneTurn, empty: readonly Drawn[], state: ZoneState): Promise<void> {
    for (const { task, plan } of empty) await this.records.ledger.apply(tx, turn.zoneKey, task.work, { ...plan, owns: arrivedOf(plan, state).owns, uses: [], letsGo: [] }, null);
  }

  /** With the intents, so that no crash loses it. The one who writes looks himself where the write can be seen at once, and drops it. */
  private async keepLook(tx: Sql, turn: ZoneTurn, intended: readonly Intended[], { kept, settleTimeMs }: { kept: RecordSet[]; settleTimeMs: number }): Promise<ZoneWrite['look']> {
    const asker = intended[0]?.task.work;
    const account = asker === undefined ? null : accountOf(asker);
    if (kept.length === 0 || asker === undefined || account === null) return null;
    const about = { application_id: account.applicationId, credential_id: account.credentialId, provider: account.provider };
    const look = { ...about, connections: intended.map(({ task }) => task.work.connectionId), plans: intended.map(({ projection }) => projection.id), kept, lost: [] };
    return { id: await this.records.looks.record(tx, turn, asker, look, settleTimeMs), kept };
  }

  private async tellPlan(tx: Sql, { work }: ZoneTask, projection: Intended['projection']): Promise<void> {
    const fact = factsOf(work, this.given.clock).planned(projection, 'writing');
    await this.records.works.remember(tx, work, [fact]);
    await withTrace(work.traceparent, () => this.outbox.add(tx, fact));
  }
}
