import { recordSetFromWire } from '@connect/contracts';
import type { ErrorCode } from '@connect/domain';
import type { LedgerStore, Plans, Receipts, WriteIntents } from '../ports/records.port.js';
import type { WriteFreezes } from '../ports/write-freezes.port.js';
import type { ZoneTurn } from '../ports/zone-turns.port.js';
import type { WorkEnds } from '../zone-work/work-ends.js';
import type { ZoneWork, ZoneWriting } from '../zone-work/zone-work.js';
import { removedHere } from './removed-here.js';
import type { Underway, WorkGroup, ZoneTask } from './zone-task.js';

const frozenMs = 60_000;

/** What can be decided without the provider: frozen, let go, not to be done at all. The rest gets what its plan needs. */
export class Admission {
  constructor(
    private readonly freezes: WriteFreezes,
    private readonly records: { ledger: LedgerStore; receipts: Receipts; plans: Plans; intents: WriteIntents },
    private readonly ends: WorkEnds,
  ) {}

  async admit(turn: ZoneTurn, group: WorkGroup): Promise<Underway> {
    const frozen = await this.freezes.frozen(turn.provider, [...new Set(group.works.map(({ tenantId }) => tenantId))]);
    const open = await this.records.intents.open(turn.zoneKey);
    const begun = new Set(open.map(({ work }) => work.connectionId));
    const owning = await this.owningOf(group);
    const tasks: ZoneTask[] = [];
    const superseded = await this.ends.superseded(group.works);
    for (const work of group.works) {
      const mayHaveWritten = begun.has(work.connectionId);
      if (superseded.has(work.id) && !mayHaveWritten) {
        await this.ends.supersede(work);
        continue;
      }
      if (work.kind === 'remove' && (work.data.keep_records || !owning.has(work.connectionId))) {
        await this.letGo(turn, work);
        continue;
      }
      const task = await this.taskOf(turn, work, frozen.has(work.tenantId));
      if (task !== null) tasks.push(task);
    }
    return { tasks, open };
  }

  private async taskOf(turn: ZoneTurn, work: ZoneWriting, isFrozen: boolean): Promise<ZoneTask | null> {
    if (isFrozen) {
      await this.ends.delay(work, { code: 'write_frozen', detail: null, delayMs: frozenMs, attempts: work.attempts });
      return null;
    }
    if (work.data.credential_id === null || work.data.provider === null) return this.refuse(work, 'credential_missing', null);
    if (work.data.provider !== turn.provider) return this.refuse(work, 'removal_blocked', `the records are at ${turn.provider}, and the credential is of ${work.data.provider}`);
    switch (work.kind) {
      case 'apply':
        return {
          work,
          intention: { kind: 'apply', wishes: { recordSets: work.data.record_sets.map(recordSetFromWire), policy: work.data.conflict_policy } },
          policy: work.data.conflict_policy,
          approved: work.data.approval === null ? null : await this.records.plans.approved(work.connectionId, work.data.approval),
        };
      case 'remove':
        return { work, intention: { kind: 'remove' }, policy: 'upsert', approved: null };
      case 'undo':
        return this.undoTask(work, work.data.receipt_id, work.data.approval ?? null);
    }
  }

  private async undoTask(work: ZoneWriting, receiptId: string, approval: { plan_id: string; hash: string } | null): Promise<ZoneTask | null> {
    const receipt = await this.records.receipts.find(work.tenantId, work.connectionId, receiptId);
    if (receipt === null) return this.refuse(work, 'not_found', 'there is no such receipt');
    const approved = approval === null ? null : await this.records.plans.approved(work.connectionId, approval);
    return { work, intention: { kind: 'undo', written: receipt }, policy: 'upsert', approved };
  }

  private owningOf({ works }: WorkGroup): Promise<Set<string>> {
    const removals = works.filter(({ kind }) => kind === 'remove');
    return removals.length === 0 ? Promise.resolve(new Set()) : this.records.ledger.owning(removals.map(({ connectionId }) => connectionId));
  }

  /** The records are kept, or there are none: neither needs the provider, which may be gone for good. */
  private async letGo(turn: ZoneTurn, work: ZoneWork<'remove'>): Promise<void> {
    await this.ends.endUnlessSuperseded(work, async (tx) => {
      if (work.data.keep_records) await this.records.intents.letGo(tx, work);
      return removedHere(tx, { records: this.records, ends: this.ends }, turn, work, null);
    });
  }

  private async refuse(work: ZoneWriting, code: ErrorCode, detail: string | null): Promise<null> {
    await this.ends.refuse(work, code, detail);
    return null;
  }
}
