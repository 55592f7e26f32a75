import type { ConflictPolicy } from '@connect/contracts';
import { without, spfTermKey, spfTerms, type OwnerName, type RecordSet, type RecordValue } from '@connect/domain';
import { excludes, isExclusive, lossCode, neverRemoved } from './conflict-rules.js';
import { isSpfTerm, ledgerValue } from './ledger.js';
import type { NameDraft } from './name-draft.js';
import { draftSpf, draftSpfRemoval } from './plan-spf.js';
import type { LedgerValue, PlanCapabilities } from './plan.js';
import { txtClass } from './txt-class.js';

type Owning = { owns: LedgerValue[]; uses: LedgerValue[] };
type Zone = { apex: OwnerName; capabilities: PlanCapabilities };

/** Takes away what the connection owns at the name and wants no more, and returns the ledger rows that end. What it shares stays for the others. */
export function releaseStale(draft: NameDraft, wanted: readonly RecordSet[]): LedgerValue[] {
  const wishes = new Set(wanted.flatMap((set) => set.values.flatMap((value) => keysOf(set, value).map((key) => `${set.type} ${key}`))));
  const stale = draft.ledger.of(draft.connectionId).filter((entry) => entry.ownerName === draft.ownerName && !wishes.has(`${entry.type} ${entry.valueKey}`));
  const owned = stale.filter(({ role }) => role === 'owned');
  for (const { type, valueKey, value } of owned.filter((entry) => !isSpfTerm(entry))) {
    if (draft.ledger.isAlone({ ownerName: draft.ownerName, type, valueKey }, draft.connectionId)) draft.remove(type, [value], 'changes_foreign_value');
  }
  draftSpfRemoval(draft, owned);
  return stale.map(({ ownerName, type, valueKey, value }) => ({ ownerName, type, valueKey, value }));
}

/** Brings in what is wanted at the name, and takes away what cannot stand beside it. */
export function draftWishes(draft: NameDraft, wanted: readonly RecordSet[], { apex, capabilities }: Zone, policy: ConflictPolicy): Owning {
  const flattens = draft.ownerName === apex && capabilities.apexAlias === 'flattened_cname';
  const types = new Set(wanted.map(({ type }) => type));
  for (const set of wanted) {
    const conflicting = draft.types().filter((type) => !types.has(type) && !neverRemoved.includes(type) && excludes(set.type, type, flattens));
    for (const type of conflicting) draft.remove(type, draft.valuesOf(type), lossCode(set.type, type));
  }
  const owning = wanted.map((set) => {
    const result = draftSet(draft, set);
    draft.wishTtl(set.type, set.ttlSeconds);
    if (policy === 'create_only') nameAdditions(draft, set);
    return result;
  });
  return { owns: owning.flatMap(({ owns }) => owns), uses: owning.flatMap(({ uses }) => uses) };
}

function draftSet(draft: NameDraft, set: RecordSet): Owning {
  const existing = draft.existing(set.type)?.values ?? [];
  if (isExclusive(set.type)) draft.remove(set.type, without(set.type, draft.valuesOf(set.type), set.values), lossCode(set.type, set.type));
  const owning = set.values.map((value): Owning => {
    const kind = set.type === 'TXT' ? txtClass(draft.ownerName, value) : null;
    if (kind === 'spf') return draftSpf(draft, value, set.ttlSeconds);
    if (kind !== null) removeSameKind(draft, set, kind);
    const known = ledgerValue(draft.ownerName, set.type, value);
    const wasThere = without(set.type, [value], existing).length === 0;
    draft.add(set.type, value, set.ttlSeconds);
    return wasThere && !draft.ledger.isOwned(known) ? { owns: [], uses: [known] } : { owns: [known], uses: [] };
  });
  if (set.type === 'CAA' && existing.length === 0 && set.values.some((value) => /^\d+ issue(wild)? /.test(value))) draft.name('caa_forbids', 'CAA', set.values);
  return { owns: owning.flatMap(({ owns }) => owns), uses: owning.flatMap(({ uses }) => uses) };
}

/** Another DMARC or DKIM record at the name: receivers take none where there are two (RFC 7489 6.6.3, RFC 6376 3.6.2.2). */
function removeSameKind(draft: NameDraft, set: RecordSet, kind: 'dmarc' | 'dkim'): void {
  const others = without('TXT', draft.valuesOf('TXT'), set.values).filter((value) => txtClass(draft.ownerName, value) === kind);
  draft.remove('TXT', others, 'replaces_keyed_value');
}

/** `create_only` adds nothing to a set that somebody else made, not even beside his values. */
function nameAdditions(draft: NameDraft, set: RecordSet): void {
  const existing = draft.existing(set.type)?.values ?? [];
  const adds = without(set.type, draft.valuesOf(set.type), existing).length > 0;
  const foreign = existing.filter((value) => !draft.isAlone(set.type, value));
  const isNamed = draft.consequences.some(({ type }) => type === set.type);
  if (adds && foreign.length > 0 && !isNamed) draft.name('changes_foreign_value', set.type, foreign);
}

function keysOf(set: RecordSet, value: RecordValue): string[] {
  const isSpf = set.type === 'TXT' && txtClass(set.ownerName, value) === 'spf';
  return isSpf ? spfTerms(value).map(spfTermKey) : [ledgerValue(set.ownerName, set.type, value).valueKey];
}
