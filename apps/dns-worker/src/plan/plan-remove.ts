import { releaseStale } from './draft-wishes.js';
import { NameDraft } from './name-draft.js';
import { emptyPlan, namesOf, withSideEffects, type PlanInput } from './plan-apply.js';
import type { Plan } from './plan.js';

/** Takes away what the ledger says is this connection's alone. What others share stays for them; what was used and never ours stays, too. */
export function planRemove(input: PlanInput): Plan {
  const { connectionId, state, ledger } = input;
  const names = namesOf(ledger.of(connectionId));
  const drafts = names.map((name) => new NameDraft(name, state, ledger, connectionId));
  const letsGo = drafts.flatMap((draft) => releaseStale(draft, []));
  const plan: Plan = { ...emptyPlan('remove', state, names), changes: drafts.flatMap((draft) => draft.changes()), letsGo };
  const { refusal } = withSideEffects(plan, input);
  return { ...plan, refusal: refusal === null ? null : { ...refusal, code: 'removal_blocked' } };
}
