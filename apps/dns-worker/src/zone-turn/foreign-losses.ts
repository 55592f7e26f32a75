import { recordSetKey, valuesOf, without, type Change } from '@connect/domain';
import type { ZoneState } from '../plan/zone-state.js';

/**
 * Values that were not to change and are gone after our write, at the names that we wrote: the changes that put them back. Where the provider knows no
 * compare-and-swap this is what remains of P1 against other writers, and against a provider that loses what it was not asked to touch.
 */
export function foreignLosses(before: ZoneState, sent: readonly Change[], after: ZoneState): Change[] {
  const written = new Map(sent.map((change) => [recordSetKey(change), change]));
  const names = [...new Set(sent.map(({ ownerName }) => ownerName))];
  return names.flatMap((name) => before.at(name)).flatMap((set) => {
    const change = written.get(recordSetKey(set));
    const kept = change === undefined ? set.values : valuesOf(change).kept;
    const now = after.get(set.ownerName, set.type);
    const lost = without(set.type, kept, now?.values ?? []);
    if (lost.length === 0) return [];
    return [{ ownerName: set.ownerName, type: set.type, before: now, after: { ...(now ?? set), values: [...(now?.values ?? []), ...lost] } }];
  });
}
