import { recordSetKey, sameValue, valuesOf, without, type Change, type OwnerName, type RecordSet, type RecordType, type RecordValue } from '@connect/domain';
import { excludes, isExclusive } from '../plan/conflict-rules.js';
import type { PlanCapabilities } from '../plan/plan.js';
import { txtClass } from '../plan/txt-class.js';
import { ZoneState } from '../plan/zone-state.js';

/** Values that a write of ours was to leave as they were, and that were gone afterwards. */
export type ForeignLoss = Pick<RecordSet, 'ownerName' | 'type' | 'ttlSeconds' | 'values' | 'untouchable'> & { putBack: boolean };
/** The changes that put them back. `replaced`: not to be made, since another value stands in its place. */
export type Losses = { missing: Change[]; replaced: Change[] };
/** `isCertain`: nothing is to be gained by another look. */
export type Restoration = { losses: ForeignLoss[]; isCertain: boolean };

export const nothingLost: Restoration = { losses: [], isCertain: true };

/** What was seen gone before and is not among what is gone now came back. */
export function withReturned(known: readonly RecordSet[], { losses, isCertain }: Restoration): Restoration {
  const returned = known.flatMap((set) => {
    const gone = losses.filter((loss) => recordSetKey(loss) === recordSetKey(set)).flatMap(({ values }) => values);
    const values = without(set.type, set.values, gone);
    return values.length === 0 ? [] : [{ ...set, values, putBack: true }];
  });
  return { losses: [...returned, ...losses], isCertain };
}

export function notBack(losses: readonly ForeignLoss[]): RecordSet[] {
  return allOf(losses.filter(({ putBack }) => !putBack));
}

/** The values of the first that are not among those of the second. */
export function withoutSets(sets: readonly RecordSet[], others: readonly RecordSet[]): RecordSet[] {
  return sets.flatMap((set) => {
    const values = without(set.type, set.values, others.filter((other) => recordSetKey(other) === recordSetKey(set)).flatMap((other) => other.values));
    return values.length === 0 ? [] : [{ ...set, values }];
  });
}

export function allOf(losses: readonly ForeignLoss[]): RecordSet[] {
  return losses.map(({ putBack: _, ...set }) => set);
}

/**
 * What stands at the names that are written and has to be there afterwards, too, and elsewhere what any write of the zone may lose (`mayLose`: their marks);
 * empty where there is nothing to lose.
 */
export function keptBeside(before: ZoneState, sent: readonly Change[], mayLose: readonly string[] = []): RecordSet[] {
  const names = new Set(sent.map(({ ownerName }) => ownerName));
  const elsewhere = before.all().filter(({ ownerName, untouchable }) => !names.has(ownerName) && untouchable !== undefined && mayLose.includes(untouchable));
  return leftBy(sent, [...[...names].flatMap((name) => before.at(name)), ...elsewhere]);
}

/** The sets without the values that these changes took away. */
export function leftBy(changes: readonly Change[], sets: readonly RecordSet[]): RecordSet[] {
  return sets.flatMap((set) => {
    const removed = changes.filter((change) => recordSetKey(change) === recordSetKey(set)).flatMap((change) => valuesOf(change).removed);
    const values = without(set.type, set.values, removed);
    return values.length === 0 ? [] : [{ ...set, values }];
  });
}

/** Values that were to stay, and that a later write of ours brought in: it found them gone. */
export function broughtBackBy(changes: readonly Change[], kept: readonly RecordSet[]): RecordSet[] {
  return kept.flatMap((set) => {
    const added = changes.filter((change) => recordSetKey(change) === recordSetKey(set)).flatMap((change) => valuesOf(change).added);
    const values = set.values.filter((value) => added.some((other) => sameValue(set.type, other, value)));
    return values.length === 0 ? [] : [{ ...set, values }];
  });
}

/**
 * Values that were to stay and are gone. Where the provider knows no compare-and-swap, putting them back is what remains of P1 against other writers, and against a
 * provider that loses what it was not asked to touch. Where only one value may stand and another one does, it was not lost: its owner chose anew.
 */
export function lossesOf(kept: readonly RecordSet[], after: ZoneState, zone: { apex: OwnerName; capabilities: Pick<PlanCapabilities, 'apexAlias'> }): Losses {
  const before = ZoneState.of(kept);
  const parted = kept.map((set) => {
    const flattens = set.ownerName === zone.apex && zone.capabilities.apexAlias === 'flattened_cname';
    const came = withoutSets(after.at(set.ownerName), before.at(set.ownerName));
    const lost = without(set.type, set.values, after.get(set.ownerName, set.type)?.values ?? []);
    const isReplaced = (value: RecordValue): boolean => came.some((other) => takesPlace(other, set.type, value, flattens));
    return { missing: puttingBack(set, lost.filter((value) => !isReplaced(value)), after), replaced: puttingBack(set, lost.filter(isReplaced), after) };
  });
  return { missing: parted.flatMap(({ missing }) => missing), replaced: parted.flatMap(({ replaced }) => replaced) };
}

function puttingBack(set: RecordSet, lost: readonly RecordValue[], after: ZoneState): Change[] {
  const now = after.get(set.ownerName, set.type);
  return lost.length === 0 ? [] : [{ ownerName: set.ownerName, type: set.type, before: now, after: { ...(now ?? set), values: [...(now?.values ?? []), ...lost] } }];
}

function takesPlace(came: RecordSet, type: RecordType, value: RecordValue, flattens: boolean): boolean {
  if (came.type !== type) return excludes(came.type, type, flattens);
  const kind = type === 'TXT' ? txtClass(came.ownerName, value) : null;
  return isExclusive(type) || (kind !== null && came.values.some((other) => txtClass(came.ownerName, other) === kind));
}
