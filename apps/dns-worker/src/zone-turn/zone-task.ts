import type { Change, OwnerName, RecordSet, RecordType } from '@connect/domain';
import type { ConflictPolicy, PlanProjection } from '@connect/contracts';
import type { Approved } from '../plan/is-allowed.js';
import type { Plan } from '../plan/plan.js';
import type { Intention } from '../plan/plan-for.js';
import type { WriteIntent } from '../ports/records.port.js';
import type { Account, ZoneWriting } from '../zone-work/zone-work.js';

/** A work of a turn with all that its plan needs besides the zone. */
export type ZoneTask = { work: ZoneWriting; intention: Intention; policy: ConflictPolicy; approved: Approved | null };

/** What a group has to do in the zone, and the writes there whose end is not known. One reading of these serves the whole group: only who has the turn adds to them. */
export type Underway = { tasks: ZoneTask[]; open: WriteIntent[] };

/** Work that shares a lease: one account, and never beside others what was refused beside others. */
export type WorkGroup = { account: Account | null; works: ZoneWriting[] };

/** What is to become of a task, now that its plan is drawn up. `part`: its plan is what of the task's is safe, and the rest is asked for in the next turn; `doubt`: this is not the zone that answers for the name; `wait`: it rests on a write whose end is not known. */
export type Drawn = { task: ZoneTask; plan: Plan; decision: 'write' | 'part' | 'empty' | 'ask' | 'refuse' | 'doubt' | 'wait' };

export function isWritten({ decision }: Pick<Drawn, 'decision'>): boolean {
  return decision === 'write' || decision === 'part';
}

/** A task whose intent is recorded. */
export type Intended = { task: ZoneTask; plan: Plan; projection: PlanProjection; intentId: string };

/** All that one turn writes for one account, and what the others of the group come to. */
export type ZoneWrite = {
  changes: Change[];
  intended: Intended[];
  others: Drawn[];
  superseded: ZoneWriting[];
  isTurnLost: boolean;
  /** What stood at the names that are written and is to stay, and the look for it; null where there is nothing to lose, or the provider sees to it. */
  look: { id: string; kept: RecordSet[] } | null;
};

export type SetKey = { ownerName: OwnerName; type: RecordType };
