import { valuesOf, type Change, type RecordValue } from '@connect/domain';
import { ledgerValuesOf } from '../plan/ledger.js';
import { foreignKey, type LedgerValue, type Plan } from '../plan/plan.js';
import type { ZoneState } from '../plan/zone-state.js';

/** Does the zone show what a change meant? `partly` cannot be said of one change with one value. */
export type Shown = 'all' | 'partly' | 'none';

/** The same of a whole plan. What it shares with a neighbour's write is in no change of its own, and has to be there, too. */
export function shownOfPlan(plan: Plan, state: ZoneState): Shown {
  const shown = shownOf(plan.changes, state);
  return shown === 'all' && arrivedOf(plan, state).owns.length < plan.owns.length ? 'partly' : shown;
}

/** Looks for the values that each change adds and misses those that it removes; a change of the TTL only is looked for by the TTL. */
export function shownOf(changes: readonly Change[], state: ZoneState): Shown {
  const seen = changes.flatMap((change) => signsOf(change, state));
  if (seen.every((sign) => sign)) return 'all';
  return seen.some((sign) => sign) ? 'partly' : 'none';
}

/**
 * What of a plan has become true, value by value: an API that writes record by record can stop in the middle of a set. Values that are there are the connection's as
 * the plan meant it; rows end for those that are gone.
 */
export function arrivedOf(plan: Plan, state: ZoneState): Plan {
  const isThere = ({ ownerName, type, valueKey }: LedgerValue): boolean =>
    (state.get(ownerName, type)?.values ?? []).some((value) => ledgerValuesOf(ownerName, type, value).some((each) => each.valueKey === valueKey));
  return { ...plan, owns: plan.owns.filter(isThere), uses: plan.uses.filter(isThere), letsGo: plan.letsGo.filter((value) => !isThere(value)) };
}

/**
 * Values of writes whose end is not known: nobody can say whose they are, or whether their owner is still there. Who plans on one of them beside it would share what is
 * going, leave to the other what is left to him, or take ours for the customer's; so he waits (`restsOnDoubt`).
 */
export function valuesInDoubt(plans: readonly Pick<Plan, 'owns' | 'letsGo'>[]): ReadonlySet<string> {
  return new Set(plans.flatMap((plan) => [...plan.owns, ...plan.letsGo]).map(foreignKey));
}

export function restsOnDoubt(plan: Pick<Plan, 'owns' | 'uses' | 'letsGo'>, doubtful: ReadonlySet<string>): boolean {
  return [...plan.owns, ...plan.uses, ...plan.letsGo].some((value) => doubtful.has(foreignKey(value)));
}

/** As the ledger counts: of SPF records term by term, since a record that a neighbour's write was to leave may never have stood there. */
function signsOf({ ownerName, type, ...change }: Change, state: ZoneState): boolean[] {
  const keysOf = (values: readonly RecordValue[]): string[] => values.flatMap((value) => ledgerValuesOf(ownerName, type, value)).map(({ valueKey }) => valueKey);
  const now = state.get(ownerName, type);
  const there = new Set(keysOf(now?.values ?? []));
  const { added, removed } = valuesOf({ ownerName, type, ...change });
  const wanted = keysOf(added);
  const signs = [...wanted.map((key) => there.has(key)), ...keysOf(removed).filter((key) => !wanted.includes(key)).map((key) => !there.has(key))];
  return signs.length > 0 ? signs : [now?.ttlSeconds === change.after?.ttlSeconds];
}
