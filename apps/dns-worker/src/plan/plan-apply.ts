import { isWithin, untouchableIn, type ErrorCode, type OwnerName, type RecordSet } from '@connect/domain';
import { asServed } from './apex.js';
import { delegationAbove } from './delegation.js';
import { draftWishes, releaseStale } from './draft-wishes.js';
import type { Ledger } from './ledger.js';
import { NameDraft } from './name-draft.js';
import { isProtected } from './conflict-rules.js';
import { gapConsequences, proxiedConsequences, sizeConsequences, untouchableConsequences } from './side-effects.js';
import type { LedgerValue, Plan, PlanCapabilities, Wishes } from './plan.js';
import type { ZoneState } from './zone-state.js';

export type PlanInput = {
  connectionId: string;
  apex: OwnerName;
  state: ZoneState;
  ledger: Ledger;
  capabilities: PlanCapabilities;
  /** Record sets of the whole zone, where it is known. */
  recordSetCount: number | null;
};

/** From what is there to what the connection wants, by values: the least that has to be written, and what it does to others. Pure. */
export function planApply(input: PlanInput, wishes: Wishes): Plan {
  const { connectionId, apex, state, ledger } = input;
  const wanted = wishes.recordSets.map((set) => asServed(set, apex, input.capabilities));
  const names = namesOf(wanted, ledger.ownedBy(connectionId));
  const base = emptyPlan('apply', state, names);
  const impossible = impossibility(wanted, apex, input.capabilities);
  if (impossible !== null) return { ...base, refusal: impossible };
  const delegatedAt = delegationAbove(state, names, apex);
  if (delegatedAt !== null) return { ...base, delegatedAt };

  const drafts = names.map((name) => new NameDraft(name, state, ledger, connectionId));
  const owning = drafts.map((draft) => {
    const atName = wanted.filter((set) => set.ownerName === draft.ownerName);
    const letsGo = releaseStale(draft, atName);
    return { letsGo, ...draftWishes(draft, atName, input, wishes.policy) };
  });
  const plan: Plan = {
    ...base,
    changes: drafts.flatMap((draft) => draft.changes()),
    consequences: drafts.flatMap((draft) => draft.consequences),
    foreign: drafts.flatMap((draft) => draft.foreign),
    ofOthers: drafts.flatMap((draft) => draft.ofOthers),
    owns: owning.flatMap(({ owns }) => owns),
    uses: owning.flatMap(({ uses }) => uses),
    letsGo: withoutKept(owning.flatMap(({ letsGo }) => letsGo), owning.flatMap(({ owns, uses }) => [...owns, ...uses])),
  };
  return withSideEffects(plan, input);
}

export function withSideEffects(plan: Plan, input: Pick<PlanInput, 'capabilities' | 'recordSetCount' | 'state'>): Plan {
  const refusal = plan.refusal ?? untouchable(plan);
  const more = [...gapConsequences(plan, input.capabilities), ...proxiedConsequences(plan), ...sizeConsequences(plan, input), ...untouchableConsequences(plan, input)];
  return { ...plan, refusal, consequences: [...plan.consequences, ...more] };
}

export function emptyPlan(kind: Plan['kind'], state: ZoneState, names: readonly OwnerName[]): Plan {
  return { kind, changes: [], consequences: [], foreign: [], owns: [], uses: [], letsGo: [], footprint: names.flatMap((name) => state.at(name)), refusal: null, delegatedAt: null };
}

export function namesOf(...lists: readonly (readonly { ownerName: OwnerName }[])[]): OwnerName[] {
  return [...new Set(lists.flat().map(({ ownerName }) => ownerName))];
}

type Refusal = { code: ErrorCode; detail: string };

function impossibility(wanted: readonly RecordSet[], apex: OwnerName, capabilities: PlanCapabilities): Refusal | null {
  for (const { ownerName, type } of wanted) {
    if (!isWithin(ownerName, apex)) return { code: 'name_out_of_zone', detail: `${ownerName} is not in the zone ${apex}` };
    if (isProtected(ownerName, type, apex)) return { code: 'apex_ns_refused', detail: `${type} at ${ownerName}` };
    if (ownerName === apex && type === 'CNAME' && capabilities.apexAlias !== 'flattened_cname') {
      return { code: 'unsupported', detail: `${ownerName} is the apex of the zone, and this provider knows no alias there: give A and AAAA records` };
    }
  }
  return null;
}

/** The API cannot carry over what hangs on such a set, so a change would lose it: nobody can approve what nobody can read. */
function untouchable(plan: Plan): Refusal | null {
  const stuck = plan.changes.find((change) => untouchableIn(change) !== null);
  return stuck === undefined ? null : { code: 'record_conflict', detail: `the ${stuck.type} record at ${stuck.ownerName} cannot be changed through the provider's API: ${untouchableIn(stuck)}` };
}

export function withoutKept(values: readonly LedgerValue[], kept: readonly LedgerValue[]): LedgerValue[] {
  return values.filter((value) => !kept.some((other) => other.ownerName === value.ownerName && other.type === value.type && other.valueKey === value.valueKey));
}
