import type { ChangeOutcome, ZoneReading } from '@connect/adapters/spi';
import { recordSetToWire, type Message } from '@connect/contracts';
import { ConnectError, errorCatalogue, recordSetKey, type ErrorCode } from '@connect/domain';
import type { Sql } from '@connect/storage';
import { ZoneState } from '../plan/zone-state.js';
import type { CrashPoints } from '../ports/crash-points.port.js';
import type { Randomness } from '../ports/randomness.port.js';
import type { KeptPlan, LedgerStore, Receipts, WriteIntents } from '../ports/records.port.js';
import type { ZoneTurn, ZoneTurns } from '../ports/zone-turns.port.js';
import { retryDelayMs } from '../zone-work/retry-delay.js';
import type { WorkEnds } from '../zone-work/work-ends.js';
import { factsOf } from '../zone-work/work-facts.js';
import type { ZoneWriting } from '../zone-work/zone-work.js';
import { shownOf } from './evidence.js';
import { receiptOf, removedBy } from './receipt-of.js';
import { resultOf, type WriteResult } from './result-of.js';
import type { Intended, ZoneWrite } from './zone-task.js';

export type SettlingRecords = { ledger: LedgerStore; receipts: Receipts; intents: WriteIntents };

/** What the provider said, and what was read back; null: its answer is proof. */
export type Proven = { outcomes: readonly ChangeOutcome[]; readBack: ZoneReading | null };

/** Settles each work of a write in its own transaction: receipt, ledger, fact, end. */
export class Settling {
  constructor(
    private readonly records: SettlingRecords,
    private readonly turns: ZoneTurns,
    private readonly ends: WorkEnds,
    private readonly random: Randomness,
    private readonly crash: CrashPoints,
  ) {}

  /** Returns whether the end of every write is known. */
  async settle(turn: ZoneTurn, { intended, changes }: Pick<ZoneWrite, 'intended' | 'changes'>, { outcomes, readBack }: Proven, settleTimeMs: number): Promise<boolean> {
    if (intended.length === 0) return true;
    this.crash.reached('before-settle');
    const after = readBack === null ? null : ZoneState.of(readBack.recordSets);
    let isCertain = true;
    for (const each of intended) {
      const sets = new Set(each.plan.changes.map(recordSetKey));
      const sent = changes.filter((change) => sets.has(recordSetKey(change)));
      const result = resultOf(sent, outcomes);
      const isDoubtful = result.status === 'applied' && after !== null && shownOf(sent, after) !== 'all';
      const judged: WriteResult = isDoubtful ? { status: 'unknown' } : result;
      isCertain &&= judged.status !== 'unknown';
      await this.settleOne(turn, each, judged, { isSingle: intended.length === 1, settleTimeMs });
    }
    this.crash.reached('after-settle');
    return isCertain;
  }

  /** What a look proved: the write of an intent happened. False where its work had ended otherwise; then nothing is changed. */
  proven(turn: ZoneTurn, work: ZoneWriting, intentId: string, kept: KeptPlan): Promise<boolean> {
    return this.ends.end(work, 'done', (tx, now) => this.applied(tx, turn, work, intentId, kept, now), { told: true });
  }

  /** The provider refused the account before anything was written. */
  nothingSent(intended: readonly Intended[]): Promise<void> {
    return this.ends.within(async (tx) => {
      for (const { intentId } of intended) await this.records.intents.close(tx, intentId, 'nothing_sent');
    });
  }

  private async settleOne(turn: ZoneTurn, { task: { work }, plan, projection, intentId }: Intended, result: WriteResult, { isSingle, settleTimeMs }: { isSingle: boolean; settleTimeMs: number }): Promise<void> {
    switch (result.status) {
      case 'applied':
        await this.proven(turn, work, intentId, { plan, projection });
        return;
      case 'unknown':
        return this.ends.delay(work, { code: 'outcome_unknown', detail: null, delayMs: settleTimeMs }, async (tx) => {
          await this.records.intents.lookLater(tx, intentId, settleTimeMs, false);
          await this.turns.keepQuiet(tx, turn, settleTimeMs);
        });
      case 'refused':
        return this.refused(turn, work, { intentId, kept: { plan, projection }, result, isSingle });
    }
  }

  private async refused(
    turn: ZoneTurn,
    work: ZoneWriting,
    { intentId, kept, result, isSingle }: { intentId: string; kept: KeptPlan; result: Extract<WriteResult, { status: 'refused' }>; isSingle: boolean },
  ): Promise<void> {
    const { code, detail, applied } = result;
    const keepPart = async (tx: Sql): Promise<void> => {
      await this.records.intents.close(tx, intentId, 'refused');
      if (applied.size === 0) return;
      await this.records.ledger.apply(tx, turn.zoneKey, work, kept.plan, applied);
      await this.records.receipts.keep(tx, work, receiptOf(kept.plan, kept.projection, this.ends.clock.now(), { applied, code }));
    };
    if (errorCatalogue[code].retry !== 'never') {
      return this.ends.delay(work, { code, detail, delayMs: retryDelayMs(new ConnectError(code), work.attempts, this.random) }, keepPart);
    }
    // One bad request spoils a batch; by itself it is seen which one it is.
    if (!isSingle && !work.alone) return this.ends.delay(work, { code, detail, delayMs: 0, alone: true, attempts: work.attempts }, keepPart);
    return this.ends.refuse(work, finalCode(work, code), partly(detail, applied.size, kept.plan.changes.length), keepPart);
  }

  private async applied(tx: Sql, turn: ZoneTurn, work: ZoneWriting, intentId: string, kept: KeptPlan, now: Date): Promise<Message[]> {
    const receipt = receiptOf(kept.plan, kept.projection, now);
    await this.records.intents.close(tx, intentId, 'settled');
    await this.records.ledger.apply(tx, turn.zoneKey, work, kept.plan, null);
    await this.records.receipts.keep(tx, work, receipt);
    const facts = factsOf(work, this.ends.clock);
    if (work.kind === 'remove') {
      const notRestored = await this.records.receipts.replacedBy(tx, work.connectionId);
      await this.records.ledger.letGo(tx, work.connectionId);
      return [facts.removed({ receipt: receipt.projection, removed: removedBy(kept.plan.changes).map(recordSetToWire), not_restored: notRestored.map(recordSetToWire), kept: work.data.keep_records })];
    }
    if (work.kind === 'undo') await this.records.receipts.undone(tx, work.data.receipt_id);
    return [facts.applied(receipt.projection)];
  }
}

function finalCode(work: ZoneWriting, code: ErrorCode): ErrorCode {
  return work.kind === 'remove' && (code === 'record_conflict' || code === 'unsupported') ? 'removal_blocked' : code;
}

function partly(detail: string | null, applied: number, all: number): string | null {
  if (applied === 0) return detail;
  return `${applied} of ${all} record sets were written before the refusal${detail === null ? '' : `: ${detail}`}`;
}
