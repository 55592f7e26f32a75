import type { ChangeOutcome, ZoneReading } from '@connect/adapters/spi';
import type { Message } from '@connect/contracts';
import { ConnectError, errorCatalogue, recordSetKey, type ErrorCode } from '@connect/domain';
import type { Sql } from '@connect/storage';
import { ZoneState } from '../plan/zone-state.js';
import type { CrashPoints } from '../ports/crash-points.port.js';
import type { Looks } from '../ports/looks.port.js';
import type { Randomness } from '../ports/randomness.port.js';
import type { KeptPlan, LedgerStore, Receipts, WriteIntents } from '../ports/records.port.js';
import type { ZoneTurn, ZoneTurns } from '../ports/zone-turns.port.js';
import { retryDelayMs } from '../zone-work/retry-delay.js';
import type { EndsTogether, WorkEnds } from '../zone-work/work-ends.js';
import { factsOf } from '../zone-work/work-facts.js';
import type { ZoneWriting } from '../zone-work/zone-work.js';
import { restsOnDoubt, shownOf, valuesInDoubt } from './evidence.js';
import { notBack, type ForeignLoss, type Restoration } from './foreign-losses.js';
import { receiptOf } from './receipt-of.js';
import { removedHere } from './removed-here.js';
import { resultOf, type WriteResult } from './result-of.js';
import type { Intended, ZoneWrite } from './zone-task.js';

export type SettlingRecords = { ledger: LedgerStore; receipts: Receipts; intents: WriteIntents; looks: Looks };

/** What the provider said, what was read back (null: its answer is proof, or nothing can be seen yet), and what was lost beside the write. */
export type Proven = { outcomes: readonly ChangeOutcome[]; readBack: ZoneReading | null; restored: Restoration };

type Judged = Intended & { result: WriteResult };
type Write = { turn: ZoneTurn; settleTimeMs: number; isSingle: boolean; losses: readonly ForeignLoss[] };

/** Settles the works of a write: receipts, ledger, facts, ends. One transaction for all, since one commit costs as much as a hundred rows. */
export class Settling {
  constructor(
    private readonly records: SettlingRecords,
    private readonly turns: ZoneTurns,
    private readonly ends: WorkEnds,
    private readonly random: Randomness,
    private readonly crash: CrashPoints,
  ) {}

  /** Returns whether the end of every write is known, and whether every one happened as it was planned. */
  async settle(turn: ZoneTurn, write: Pick<ZoneWrite, 'intended' | 'changes' | 'look'>, proven: Proven, settleTimeMs: number): Promise<{ isCertain: boolean; isWhole: boolean }> {
    if (write.intended.length === 0) return { isCertain: true, isWhole: true };
    this.crash.reached('before-settle');
    const judged = judge(write, proven);
    await this.ends.together(async (ends, tx) => {
      for (const each of judged) await this.settleOne(ends, each, { turn, settleTimeMs, isSingle: judged.length === 1, losses: proven.restored.losses });
      await this.settleLook(tx, write, proven, settleTimeMs);
    });
    this.crash.reached('after-settle');
    return { isCertain: judged.every(({ result }) => result.status !== 'unknown'), isWhole: judged.every(({ result }) => result.status === 'applied') };
  }

  /** What a look proved: the write of an intent happened. False where its work had ended otherwise; then nothing is changed. */
  proven(turn: ZoneTurn, work: ZoneWriting, intentId: string, kept: KeptPlan): Promise<boolean> {
    return this.ends.together((ends) => this.prove(ends, turn, work, { intentId, kept, losses: [] }));
  }

  /** The provider refused the account before anything was written. */
  nothingSent({ intended, look }: Pick<ZoneWrite, 'intended' | 'look'>): Promise<void> {
    return this.ends.within(async (tx) => {
      for (const { intentId } of intended) await this.records.intents.close(tx, intentId, 'nothing_sent');
      if (look !== null) await this.records.looks.drop(tx, look.id);
    });
  }

  /** Who has seen the zone after the write, and what was lost back in it, needs no look; nor does a write that was refused. */
  private async settleLook(tx: Sql, { look }: Pick<ZoneWrite, 'look'>, { outcomes, readBack, restored }: Proven, settleTimeMs: number): Promise<void> {
    if (look === null) return;
    const isSeen = readBack !== null || outcomes.every(({ status }) => status === 'refused');
    await (isSeen && restored.isCertain ? this.records.looks.drop(tx, look.id) : this.records.looks.later(tx, look.id, settleTimeMs, notBack(restored.losses)));
  }

  private async settleOne(ends: EndsTogether, { task: { work }, plan, projection, intentId, result }: Judged, { turn, settleTimeMs, isSingle, losses }: Write): Promise<void> {
    const kept = { plan, projection };
    switch (result.status) {
      case 'applied':
        await this.prove(ends, turn, work, { intentId, kept, losses });
        return;
      case 'unknown':
        return ends.delay(work, { code: 'outcome_unknown', detail: null, delayMs: settleTimeMs }, async (tx) => {
          await this.records.intents.lookLater(tx, intentId, settleTimeMs, false);
          await this.turns.keepQuiet(tx, turn, settleTimeMs);
        });
      case 'refused':
        return this.refused(ends, turn, work, { intentId, kept, result, isSingle, losses });
    }
  }

  private async refused(
    ends: EndsTogether,
    turn: ZoneTurn,
    work: ZoneWriting,
    { intentId, kept, result, isSingle, losses }: { intentId: string; kept: KeptPlan; result: Extract<WriteResult, { status: 'refused' }>; isSingle: boolean; losses: readonly ForeignLoss[] },
  ): Promise<void> {
    const { code, detail, applied } = result;
    const keepPart = async (tx: Sql, now: Date): Promise<void> => {
      // Who comes second, after a turn that was lost meanwhile, keeps nothing.
      if (!(await this.records.intents.close(tx, intentId, 'refused')) || applied.size === 0) return;
      await this.records.ledger.apply(tx, turn.zoneKey, work, kept.plan, applied);
      await this.records.receipts.keep(tx, work, receiptOf(kept.plan, kept.projection, now, { applied, code, losses }));
    };
    if (errorCatalogue[code].retry !== 'never') {
      return ends.delay(work, { code, detail, delayMs: retryDelayMs(new ConnectError(code), work.attempts, this.random) }, keepPart);
    }
    // One bad request spoils a batch; by itself it is seen which one it is.
    if (!isSingle && !work.alone) return ends.delay(work, { code, detail, delayMs: 0, alone: true, attempts: work.attempts }, keepPart);
    return ends.refuse(work, finalCode(work, code), partly(detail, applied.size, kept.plan.changes.length), keepPart);
  }

  private prove(ends: EndsTogether, turn: ZoneTurn, work: ZoneWriting, what: { intentId: string; kept: KeptPlan; losses: readonly ForeignLoss[] }): Promise<boolean> {
    if (what.kept.plan.isPart === true) return this.provePart(ends, turn, work, what);
    return ends.end(work, 'done', (tx, now) => this.applied(tx, turn, work, { ...what, now }), { told: true });
  }

  /** The receipt is told, and the work goes on: with the next look at the zone it is asked for the rest. */
  private async provePart(ends: EndsTogether, turn: ZoneTurn, work: ZoneWriting, { intentId, kept, losses }: { intentId: string; kept: KeptPlan; losses: readonly ForeignLoss[] }): Promise<boolean> {
    await ends.goOn(work, async (tx, now) => {
      if (!(await this.records.intents.close(tx, intentId, 'settled'))) return [];
      const receipt = receiptOf(kept.plan, kept.projection, now, { applied: 'all', code: null, losses });
      await this.records.ledger.apply(tx, turn.zoneKey, work, kept.plan, null);
      await this.records.receipts.keep(tx, work, receipt);
      return [factsOf(work, this.ends.clock).amended(receipt.projection)];
    });
    return true;
  }

  private async applied(tx: Sql, turn: ZoneTurn, work: ZoneWriting, { intentId, kept, losses, now }: { intentId: string; kept: KeptPlan; losses: readonly ForeignLoss[]; now: Date }): Promise<Message[]> {
    const receipt = receiptOf(kept.plan, kept.projection, now, { applied: 'all', code: null, losses });
    await this.records.intents.close(tx, intentId, 'settled');
    await this.records.ledger.apply(tx, turn.zoneKey, work, kept.plan, null);
    await this.records.receipts.keep(tx, work, receipt);
    if (work.kind === 'remove') return removedHere(tx, { records: this.records, ends: this.ends }, turn, work, receipt.projection);
    if (work.kind === 'undo') await this.records.receipts.undone(tx, work.data.receipt_id);
    return [factsOf(work, this.ends.clock).applied(receipt.projection)];
  }
}

/** What became of each plan: what the provider said, unless the zone shows otherwise, or the plan rests on one before it that did not happen. */
function judge({ intended, changes }: Pick<ZoneWrite, 'intended' | 'changes'>, { outcomes, readBack }: Proven): Judged[] {
  const after = readBack === null ? null : ZoneState.of(readBack.recordSets);
  const judged: Judged[] = [];
  for (const each of intended) {
    const sets = new Set(each.plan.changes.map(recordSetKey));
    const sent = changes.filter((change) => sets.has(recordSetKey(change)));
    const said = resultOf(sent, outcomes);
    const notDone = valuesInDoubt(judged.filter(({ result }) => result.status !== 'applied').map(({ plan }) => plan));
    const isDoubtful = said.status === 'applied' && ((after !== null && shownOf(sent, after) !== 'all') || restsOnDoubt(each.plan, notDone));
    judged.push({ ...each, result: isDoubtful ? { status: 'unknown' } : said });
  }
  return judged;
}

function finalCode(work: ZoneWriting, code: ErrorCode): ErrorCode {
  return work.kind === 'remove' && (code === 'record_conflict' || code === 'unsupported') ? 'removal_blocked' : code;
}

function partly(detail: string | null, applied: number, all: number): string | null {
  if (applied === 0) return detail;
  return `${applied} of ${all} record sets were written before the refusal${detail === null ? '' : `: ${detail}`}`;
}
