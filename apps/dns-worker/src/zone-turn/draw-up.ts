import type { Change, OwnerName } from '@connect/domain';
import { holdsFor, isSafe } from '../plan/is-allowed.js';
import type { Ledger } from '../plan/ledger.js';
import { isEmpty, type Plan, type PlanCapabilities } from '../plan/plan.js';
import { planFor } from '../plan/plan-for.js';
import { safePart } from '../plan/safe-part.js';
import type { ZoneState } from '../plan/zone-state.js';
import { restsOnDoubt } from './evidence.js';
import { isWritten, type Drawn, type ZoneTask } from './zone-task.js';

export type Ground = { apex: OwnerName; state: ZoneState; ledger: Ledger; /** Values of writes whose end is not known (`valuesInDoubt`). */ doubtful: ReadonlySet<string>; capabilities: PlanCapabilities; recordSetCount: number | null };

/**
 * Plans each task on what the tasks before it will have written, and composes those that may be written into one change per record set. Pure.
 */
export function drawUp(tasks: readonly ZoneTask[], ground: Ground): { drawn: Drawn[]; changes: Change[] } {
  let { state, ledger } = ground;
  const drawn = tasks.map((task): Drawn => {
    const whole = planFor(task.intention, { ...ground, state, ledger, connectionId: task.work.connectionId });
    const decided = decide(task, whole, ground.doubtful);
    const part = decided === 'ask' && mayBeParted(task) ? safePart(whole) : null;
    const found: Drawn = part === null ? { task, plan: whole, decision: decided } : { task, plan: part, decision: 'part' };
    if (isWritten(found) || found.decision === 'empty') {
      state = state.after(found.plan.changes);
      ledger = ledger.after(task.work.connectionId, found.plan);
    }
    return found;
  });
  return { drawn, changes: composed(drawn, ground.state) };
}

/** One change per record set for what these write together, from what was read. */
export function composed(drawn: readonly Pick<Drawn, 'plan' | 'decision'>[], from: ZoneState): Change[] {
  const written = drawn.filter(isWritten).flatMap(({ plan }) => plan.changes);
  return from.changesTo(from.after(written), written);
}

/** Once for each work: a provider that does not keep what we write would be written to for ever. */
function mayBeParted({ work, policy }: ZoneTask): boolean {
  return work.kind === 'apply' && policy === 'upsert' && !work.partly;
}

function decide({ policy, approved }: ZoneTask, plan: Plan, doubtful: ReadonlySet<string>): Drawn['decision'] {
  if (plan.delegatedAt !== null) return 'doubt';
  if (plan.refusal !== null) return 'refuse';
  if (restsOnDoubt(plan, doubtful)) return 'wait';
  if (isEmpty(plan)) return 'empty';
  return isSafe(plan, policy) || (approved !== null && holdsFor(approved, plan)) ? 'write' : 'ask';
}
