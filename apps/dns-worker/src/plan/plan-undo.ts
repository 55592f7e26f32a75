import { sameRecordSet, sameValue, valuesOf, without, type Change, type RecordSet, type RecordValue } from '@connect/domain';
import { ledgerValuesOf } from './ledger.js';
import { emptyPlan, namesOf, withoutKept, withSideEffects, type PlanInput } from './plan-apply.js';
import type { LedgerValue, Plan } from './plan.js';
import { txtClass } from './txt-class.js';

/** Values that a write took away and that were not the connection's own. `ofOthers`: those of them that another connection had written. */
export type Replaced = RecordSet & { ofOthers?: RecordValue[] };
/** A write as its receipt has it. */
export type Written = { changes: readonly Change[]; replaced: readonly Replaced[] };

/**
 * Puts back what stood there before a write, set by set, where nothing else changed since; a set that moved is left alone. Values that other connections own
 * by now stay, and what another one had written comes back only where somebody of us owns it still. What was replaced is the customer's again; what was the connection's own, from a write before that one, is its own again.
 */
export function planUndo(input: PlanInput, { changes: written, replaced }: Written): Plan {
  const { connectionId, state, ledger } = input;
  const restored = written.flatMap((change) => {
    const now = state.get(change.ownerName, change.type);
    const after = isUnchanged(change, now) ? setBack(change, now, replaced, input) : now;
    return sameRecordSet(now, after) ? [] : [{ ownerName: change.ownerName, type: change.type, before: now, after }];
  });
  const gone = restored.flatMap((change) => valuesOf(change).removed.flatMap((value) => ledgerValuesOf(change.ownerName, change.type, value)));
  const mine = ledger.of(connectionId);
  const letsGo: LedgerValue[] = gone.filter((value) => mine.some((entry) => entry.ownerName === value.ownerName && entry.type === value.type && entry.valueKey === value.valueKey));
  const owns = restored.flatMap((change) => valuesOf(change).added.flatMap((value) => (isReplaced(replaced, change, value) ? [] : broughtBack(change, value))));
  return withSideEffects({ ...emptyPlan('undo', state, namesOf(written)), changes: restored, owns, letsGo: withoutKept(letsGo, owns) }, input);
}

/** Another connection's value that it has given up since: nobody would take it away again. */
function isGivenUp(replaced: readonly Replaced[], { ownerName, type }: Change, value: RecordValue, { ledger }: PlanInput): boolean {
  const wasOfOthers = replaced.some((set) => set.ownerName === ownerName && set.type === type && set.ofOthers?.some((other) => sameValue(type, other, value)) === true);
  return wasOfOthers && !ledgerValuesOf(ownerName, type, value).some((each) => ledger.isOwned(each));
}

function isReplaced(replaced: readonly RecordSet[], { ownerName, type }: Change, value: RecordValue): boolean {
  return replaced.some((set) => set.ownerName === ownerName && set.type === type && set.values.some((other) => sameValue(type, other, value)));
}

/** Of an SPF record only the terms that the record in its place does not have: those in both were never taken away. */
function broughtBack({ ownerName, type, before }: Change, value: RecordValue): LedgerValue[] {
  const present = new Set((before?.values ?? []).flatMap((other) => ledgerValuesOf(ownerName, type, other)).map(({ valueKey }) => valueKey));
  return ledgerValuesOf(ownerName, type, value).filter(({ valueKey }) => !present.has(valueKey));
}

/** Exclusive sets: exactly what was written. In additive ones the neighbours may have moved, as long as our values stand. */
function isUnchanged({ type, after, ...change }: Change, now: RecordSet | null): boolean {
  if (after === null || now === null) return after === now;
  const added = valuesOf({ ...change, type, after }).added;
  const isAdditive = type === 'TXT' || type === 'CAA' || type === 'SRV';
  return isAdditive ? without(type, added, now.values).length === 0 : sameRecordSet(after, now);
}

function setBack(change: Change, now: RecordSet | null, replaced: readonly Replaced[], input: PlanInput): RecordSet | null {
  const { connectionId, ledger } = input;
  const { added, removed } = valuesOf(change);
  const isShared = (value: string): boolean => ledgerValuesOf(change.ownerName, change.type, value).some((each) => ledger.isOwned(each) && !ledger.isAlone(each, connectionId));
  // Its neighbours' terms stand in one record with ours, so there is no "before" to go back to.
  if (added.some((value) => change.type === 'TXT' && txtClass(change.ownerName, value) === 'spf' && isShared(value))) return now;
  const taken = added.filter((value) => !isShared(value));
  const kept = (now?.values ?? []).filter((value) => !taken.some((other) => sameValue(change.type, value, other)));
  const values = [...kept, ...without(change.type, removed, kept).filter((value) => !isGivenUp(replaced, change, value, input))];
  if (values.length === 0) return null;
  // Behind a proxy the TTL is the proxy's.
  if (now?.proxied === true) return { ...now, values };
  return { ...(now ?? change.before ?? { ownerName: change.ownerName, type: change.type, ttlSeconds: 300 }), values, ttlSeconds: change.before?.ttlSeconds ?? now?.ttlSeconds ?? 300 };
}
