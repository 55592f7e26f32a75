import { recordSetKey, sameValue, valuesOf, type Change } from '@connect/domain';
import type { ZoneState } from '../plan/zone-state.js';

/** Does the zone show what a change meant? `partly` cannot be said of one change with one value. */
export type Shown = 'all' | 'partly' | 'none';

/** Looks for the values that each change adds and misses those that it removes; a change of the TTL only is looked for by the TTL. */
export function shownOf(changes: readonly Change[], state: ZoneState): Shown {
  const seen = changes.flatMap((change) => signsOf(change, state));
  if (seen.every((sign) => sign)) return 'all';
  return seen.some((sign) => sign) ? 'partly' : 'none';
}

/** Keys of the sets whose change shows wholly. */
export function setsShown(changes: readonly Change[], state: ZoneState): Set<string> {
  return new Set(changes.filter((change) => shownOf([change], state) === 'all').map(recordSetKey));
}

function signsOf(change: Change, state: ZoneState): boolean[] {
  const now = state.get(change.ownerName, change.type);
  const has = (value: string): boolean => (now?.values ?? []).some((other) => sameValue(change.type, other, value));
  const { added, removed } = valuesOf(change);
  const signs = [...added.map(has), ...removed.map((value) => !has(value))];
  return signs.length > 0 ? signs : [now?.ttlSeconds === change.after?.ttlSeconds];
}
