import type { Plan, Wishes } from './plan.js';
import { planApply, type PlanInput } from './plan-apply.js';
import { planRemove } from './plan-remove.js';
import { planUndo, type Written } from './plan-undo.js';

/** What a work item wants of the zone. */
export type Intention = { kind: 'apply'; wishes: Wishes } | { kind: 'remove' } | { kind: 'undo'; written: Written };

export function planFor(intention: Intention, input: PlanInput): Plan {
  switch (intention.kind) {
    case 'apply':
      return planApply(input, intention.wishes);
    case 'remove':
      return planRemove(input);
    case 'undo':
      return planUndo(input, intention.written);
  }
}
