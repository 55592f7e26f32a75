import { valuesOf, type Change, type OwnerName } from '@connect/domain';
import { consequence } from './consequences.js';
import type { Consequence, Plan, PlanCapabilities } from './plan.js';
import type { ZoneState } from './zone-state.js';

/** As octodns has it: from so many record sets on, at most this part of a zone is changed or deleted without a word. */
const countsFrom = 10;
const mostOfZone = 0.3;
/** Record sets that one plan may change at most without a word, however large the zone is. */
const mostSets = 50;

/** Where foreign values leave a name and another type comes, and the provider cannot do both at once, the name is empty for a moment. */
export function gapConsequences(plan: Plan, capabilities: PlanCapabilities): Consequence[] {
  if (capabilities.isAtomic) return [];
  return namesWith(plan, (changes) => changes.some(isForeignLoss(plan)) && changes.some(({ after }) => after === null) && changes.some(({ before }) => before === null))
    .map((name) => consequence('type_change_gap', name, plan.changes.find((change) => change.ownerName === name && change.after !== null)?.type ?? 'A', []));
}

export function proxiedConsequences(plan: Plan): Consequence[] {
  return plan.changes.filter((change) => change.before?.proxied === true && isForeignLoss(plan)(change)).map(({ ownerName, type, before }) => consequence('proxied', ownerName, type, before?.values ?? []));
}

export function sizeConsequences(plan: Plan, { recordSetCount, state }: { recordSetCount: number | null; state: ZoneState }): Consequence[] {
  const touched = plan.changes.filter(isForeignLoss(plan));
  const deleted = touched.filter(({ after }) => after === null).length;
  const updated = touched.length - deleted;
  const count = recordSetCount ?? state.all().length;
  const first = plan.changes[0];
  if (first === undefined) return [];
  const isLargePart = count >= countsFrom && (deleted / count > mostOfZone || updated / count > mostOfZone);
  if (!isLargePart && plan.changes.length <= mostSets) return [];
  return [consequence('large_change', first.ownerName, first.type, [], `${plan.changes.length} record sets change in a zone of ${count}, ${deleted} of them foreign and deleted, ${updated} foreign and changed`)];
}

/** An API that writes the whole zone at once may lose what it cannot express, wherever it stands. What it carries over, though nobody may change it, is in no danger. */
export function untouchableConsequences(plan: Plan, { capabilities, state }: { capabilities: PlanCapabilities; state: ZoneState }): Consequence[] {
  if (plan.changes.length === 0) return [];
  return state.all().filter(({ untouchable }) => untouchable !== undefined && capabilities.mayLose.includes(untouchable)).map((set) => consequence('untouchable_set', set.ownerName, set.type, set.values));
}

function isForeignLoss(plan: Plan): (change: Change) => boolean {
  const prefixes = new Set(plan.foreign.map((key) => key.split(' ').slice(0, 2).join(' ')));
  return (change) => prefixes.has(`${change.ownerName} ${change.type}`) && valuesOf(change).removed.length > 0;
}

function namesWith(plan: Plan, holds: (changes: Change[]) => boolean): OwnerName[] {
  return [...new Set(plan.changes.map(({ ownerName }) => ownerName))].filter((name) => holds(plan.changes.filter((change) => change.ownerName === name)));
}
