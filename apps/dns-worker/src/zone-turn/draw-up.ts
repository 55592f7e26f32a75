import type { Change, OwnerName } from '@connect/domain';
import { holdsFor, isSafe } from '../plan/is-allowed.js';
import type { Ledger } from '../plan/ledger.js';
import { isEmpty, type Plan, type PlanCapabilities } from '../plan/plan.js';
import { planFor } from '../plan/plan-for.js';
import type { ZoneState } from '../plan/zone-state.js';
import { restsOnDoubt } from './evidence.js';
import type { Drawn, ZoneTask } from './zone-task.js';

export type Ground = { apex: OwnerName; state: ZoneState; ledger: Ledger; /** Values of writes whose end is not known (`valuesInDoubt`). */ doubtful: ReadonlySet<string>; capabilities: PlanCapabilities; recordSetCount: number | null };

/**
 * Plans each task on what the tasks before it will have written, and composes those that may be written into one change per record set. Pure.
 */
export function drawUp(tasks: readonly ZoneTask[], ground: Ground): { drawn: Drawn[]; changes: Change[] } {
  let { state, ledger } = ground;
  const drawn = tasks.map((task): Drawn => {
    const plan = planFor(task.intention, { ...ground, state, ledger, connectionId: task.work.connectionId });
    const decision = decide(task, plan, ground.doubtful);
    if (decision === 'write' || decision === 'empty') {
      state = state.after(plan.changes);
      ledger = ledger.after(task.work.connectionId, plan);
    }
    return { task, plan, decision };
  });
  return { drawn, changes: composed(drawn, ground.state) };
}

/** One change per record set for what these write together, from what was read. */
export function composed(drawn: readonly Pick<Drawn, 'plan' | 'decision'>[], from: ZoneState): Change[] {
  const written = drawn.filter(({ decision }) => decision === 'write').flatMap(({ plan }) => plan.changes);
  return from.changesTo(from.after(written), written);
}

function decide({ policy, approved }: ZoneTask, plan: Plan, doubtful: ReadonlySet<string>): Drawn['decision'] {
  if (plan.delegatedAt !== null) return 'doubt';
  if (plan.refusal !== null) return 'refuse';
  if (restsOnDoubt(plan, doubtful)) return 'wait';
  if (isEmpty(plan)) return 'empty';
  return isSafe(plan, policy) || (approved !== null && holdsFor(approved, plan)) ? 'write' : 'ask';
}
