import type { ChangeOutcome, ZoneReading } from '@connect/adapters/spi';
import { isConnectError, type OwnerName } from '@connect/domain';
import { ZoneState } from '../plan/zone-state.js';
import type { CrashPoints } from '../ports/crash-points.port.js';
import type { ZoneTurn } from '../ports/zone-turns.port.js';
import type { ZoneWorkStore } from '../ports/zone-work-store.port.js';
import { isLook, isWriting } from '../zone-work/zone-work.js';
import type { Admission } from './admission.js';
import { readingOf, type Footprint } from './footprint.js';
import { lossesOf, nothingLost, type Restoration } from './foreign-losses.js';
import { groupsOf } from './groups.js';
import type { LookingBack } from './looking-back.js';
import type { ProviderSession, ProviderSessions } from './provider-sessions.js';
import type { Recording } from './recording.js';
import type { Recovery } from './recovery.js';
import type { Restoring } from './restoring.js';
import type { Settling } from './settling.js';
import type { Trouble } from './trouble.js';
import type { Unwritten } from './unwritten.js';
import type { WorkGroup, ZoneTask, ZoneWrite } from './zone-task.js';

export type ServeZoneSteps = {
  lookingBack: LookingBack;
  admission: Admission;
  sessions: ProviderSessions;
  footprint: Footprint;
  recovery: Recovery;
  recording: Recording;
  restoring: Restoring;
  settling: Settling;
  unwritten: Unwritten;
  trouble: Trouble;
};

/** Does all that is due in one zone, under one turn: for each account one lease, one read, one write, and one settlement for each work. */
export class ServeZone {
  constructor(private readonly works: ZoneWorkStore, private readonly steps: ServeZoneSteps, private readonly crash: CrashPoints) {}

  async run(turn: ZoneTurn): Promise<void> {
    this.crash.reached('after-turn-taken');
    const due = await this.works.due(turn.zoneKey);
    await this.steps.lookingBack.look(turn, due.filter(isLook));
    for (const group of groupsOf(due.filter(isWriting))) {
      // Of what was written just before the next one would read nothing yet.
      if (!turn.isSettled()) return;
      const goOn = await this.serve(turn, group);
      if (!goOn) return;
    }
  }

  /** False when nothing more may be written in this turn. */
  private async serve(turn: ZoneTurn, group: WorkGroup): Promise<boolean> {
    const { admission, sessions, footprint, recovery, recording, settling, unwritten } = this.steps;
    const admitted = await admission.admit(turn, group);
    if (admitted.tasks.length === 0 || group.account === null) return true;
    try {
      const session = await sessions.open(group.account, writingIn(turn, admitted.tasks));
      const names = await footprint.namesOf(turn, admitted);
      const reading = await read(session, turn, names);
      const underway = await recovery.look(turn, admitted, ZoneState.of(reading.recordSets), session.descriptor);

      const write = await recording.record(turn, underway, reading, names, session);
      if (write.isTurnLost) return false;
      const outcomes = await this.write(session, turn, write, reading);
      const proven = await readBack(session, turn, write, outcomes);
      const restored = await this.restore(session, turn, write, proven.readBack);
      const { isCertain, isWhole } = await settling.settle(turn, write, { ...proven, restored }, session.descriptor.settleTimeMs);
      for (const work of write.superseded) await unwritten.superseded(work);
      // Their plans rest on what the others were to write; where that did not all happen they are due still, and planned anew.
      if (isWhole) for (const other of write.others) if (!(await unwritten.end(turn, other, session.descriptor.settleTimeMs))) break;
      return isCertain;
    } catch (error) {
      await this.meets(turn, admitted.tasks, error);
      return true;
    }
  }

  private async write(session: ProviderSession, turn: ZoneTurn, write: ZoneWrite, reading: ZoneReading): Promise<ChangeOutcome[]> {
    if (write.changes.length === 0) return [];
    try {
      return await session.adapter.applyChanges(turn.zone, write.changes, reading, session.signal);
    } catch (error) {
      // The adapter's promise: what it throws is about the account or the provider, and nothing was written.
      if (isConnectError(error) && error.code !== 'outcome_unknown') await this.steps.settling.nothingSent(write);
      throw error;
    } finally {
      this.crash.reached('after-write');
    }
  }

  private async restore(session: ProviderSession, turn: ZoneTurn, { look }: ZoneWrite, after: ZoneReading | null): Promise<Restoration> {
    if (look === null || after === null) return nothingLost;
    return this.steps.restoring.putBack(session, turn, { look: { id: look.id, lost: [] }, losses: lossesOf(look.kept, ZoneState.of(after.recordSets), { apex: turn.zone.apex, capabilities: session.capabilities }) }, after);
  }

  private async meets(turn: ZoneTurn, tasks: readonly ZoneTask[], error: unknown): Promise<void> {
    const isGone = isConnectError(error) && error.code === 'zone_not_found';
    if (!isGone) return this.steps.trouble.meets(tasks.map(({ work }) => work), error);
    for (const { work } of tasks) await this.steps.unwritten.doubt(turn, work, error.detail ?? 'the zone is not there any more');
  }
}

function read(session: ProviderSession, turn: ZoneTurn, names: readonly OwnerName[]): Promise<ZoneReading> {
  return session.adapter.getRecordSets(turn.zone, readingOf(names, session.descriptor), session.signal);
}

type Seen = { outcomes: readonly ChangeOutcome[]; /** null: the provider's answer is proof, or nothing could be seen yet. */ readBack: ZoneReading | null };

/** Where the provider can refuse a stale write its answer is proof; elsewhere only a look is (docs/adr/0004). */
async function readBack(session: ProviderSession, turn: ZoneTurn, { changes }: ZoneWrite, outcomes: readonly ChangeOutcome[]): Promise<Seen> {
  const { writeGuard, settleTimeMs } = session.descriptor;
  if (writeGuard === 'compare_and_swap' || settleTimeMs > 0 || !outcomes.some(({ status }) => status === 'applied')) return { outcomes, readBack: null };
  try {
    return { outcomes, readBack: await read(session, turn, [...new Set(changes.map(({ ownerName }) => ownerName))]) };
  } catch (error) {
    if (!isConnectError(error)) throw error;
    // Not proven: the intents stay open, and the next turn looks.
    return { outcomes: outcomes.map((outcome) => (outcome.status === 'applied' ? { ...outcome, status: 'unknown', code: 'outcome_unknown' } : outcome)), readBack: null };
  }
}

function writingIn(turn: ZoneTurn, tasks: readonly ZoneTask[]): Parameters<ProviderSessions['open']>[1] {
  return {
    purpose: 'write', zone: turn.zone.id, fence: String(turn.fence), connections: tasks.map(({ work }) => work.connectionId),
    lane: tasks[0]?.work.lane ?? 0, remainingMs: () => turn.remainingMs(),
  };
}
