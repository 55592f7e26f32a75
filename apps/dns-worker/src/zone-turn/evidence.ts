import { sameValue, valuesOf, type Change } from '@connect/domain';
import { ledgerValuesOf, type Ledger } from '../plan/ledger.js';
import type { LedgerValue, Plan } from '../plan/plan.js';
import type { ZoneState } from '../plan/zone-state.js';
import type { WriteIntent } from '../ports/records.port.js';

/** Does the zone show what a change meant? `partly` cannot be said of one change with one value. */
export type Shown = 'all' | 'partly' | 'none';

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
 * The ledger with what is there of writes whose end is not known yet: whoever plans beside them must take such a value for one of ours and share it, not for the customer's.
 */
export function withDoubts(ledger: Ledger, open: readonly { work: Pick<WriteIntent['work'], 'connectionId'>; kept: Pick<WriteIntent['kept'], 'plan'> }[], state: ZoneState): Ledger {
  return open.reduce((known, { work, kept }) => known.after(work.connectionId, arrivedOf(kept.plan, state)), ledger);
}

function signsOf(change: Change, state: ZoneState): boolean[] {
  const now = state.get(change.ownerName, change.type);
  const has = (value: string): boolean => (now?.values ?? []).some((other) => sameValue(change.type, other, value));
  const { added, removed } = valuesOf(change);
  const signs = [...added.map(has), ...removed.map((value) => !has(value))];
  return signs.length > 0 ? signs : [now?.ttlSeconds === change.after?.ttlSeconds];
}
