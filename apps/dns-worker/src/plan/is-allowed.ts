import type { ConflictPolicy } from '@connect/contracts';
import { isCoveredByStandingApproval } from './conflict-rules.js';
import type { Consequence, Plan } from './plan.js';

/** What somebody approved: the consequences he read, and the foreign values that were to go. */
export type Approved = { consequences: readonly Consequence[]; foreign: readonly string[] };

/** Safe under the policy: nothing foreign goes, or what goes is covered by the standing approval of `replace_conflicting`. */
export function isSafe(plan: Pick<Plan, 'consequences'>, policy: ConflictPolicy): boolean {
  return plan.consequences.every((each) => policy === 'replace_conflicting' && isCoveredByStandingApproval(each));
}

/** An approval still holds if nothing foreign is newly replaced and no consequence appears that it did not name. */
export function holdsFor(approved: Approved, plan: Pick<Plan, 'consequences' | 'foreign'>): boolean {
  const foreign = new Set(approved.foreign);
  return plan.foreign.every((key) => foreign.has(key)) && plan.consequences.every((each) => approved.consequences.some((known) => names(known, each)));
}

function names(known: Consequence, found: Consequence): boolean {
  if (known.code !== found.code || known.owner_name !== found.owner_name || known.type !== found.type) return false;
  return found.values.every((value) => known.values.includes(value));
}
