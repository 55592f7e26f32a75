import { spfMechanisms, spfTermKey, spfTerms, type RecordValue } from '@connect/domain';
import { isSpfTerm, spfLedgerValue } from './ledger.js';
import type { NameDraft } from './name-draft.js';
import type { LedgerValue } from './plan.js';
import { mergeSpf, mostSpfLookups, spfLookups, withoutSpfTerms } from './spf.js';
import { txtClass } from './txt-class.js';

type Owning = { owns: LedgerValue[]; uses: LedgerValue[] };

/**
 * A name has one SPF record (RFC 7208 3.2), so ours is merged into what is there, and the ledger holds our terms one by one. Where the record has terms that
 * are not ours, its change is the consequence `second_spf`.
 */
export function draftSpf(draft: NameDraft, wanted: RecordValue, ttlSeconds: number): Owning {
  const [existing] = spfRecordsOf(draft);
  if (existing === undefined) {
    draft.add('TXT', wanted, ttlSeconds);
    return { owns: spfTerms(wanted).map((term) => spfLedgerValue(draft.ownerName, term)), uses: [] };
  }
  const before = new Set(spfTerms(existing).map(spfTermKey));
  const merged = mergeSpf(existing, wanted);
  if (merged !== null) replaceRecord(draft, existing, merged);
  // How the record ends is ours as well where one of us made it.
  const terms = [...spfMechanisms(wanted), ...spfTerms(wanted).filter((term) => before.has(spfTermKey(term)))];
  const values = [...new Map(terms.map((term) => [spfTermKey(term), spfLedgerValue(draft.ownerName, term)])).values()];
  const isOurs = (value: LedgerValue): boolean => !before.has(value.valueKey) || draft.ledger.isOwned(value);
  return { owns: values.filter(isOurs), uses: values.filter((value) => !isOurs(value)) };
}

/** Takes our terms out of the record at the name; the rest stays. Terms that others of us own stay, too. */
export function draftSpfRemoval(draft: NameDraft, terms: readonly LedgerValue[]): void {
  const ours = new Set(terms.filter(isSpfTerm).filter((term) => draft.ledger.isAlone(term, draft.connectionId)).map(({ valueKey }) => valueKey));
  if (ours.size === 0) return;
  for (const record of spfRecordsOf(draft)) draft.swap('TXT', record, withoutSpfTerms(record, ours));
}

function spfRecordsOf(draft: NameDraft): RecordValue[] {
  return draft.valuesOf('TXT').filter((value) => txtClass(draft.ownerName, value) === 'spf');
}

function replaceRecord(draft: NameDraft, existing: RecordValue, merged: RecordValue): void {
  const isForeign = spfTerms(existing).some((term) => !draft.ledger.isOwned(spfLedgerValue(draft.ownerName, term)));
  if (isForeign) draft.nameForeign('second_spf', 'TXT', existing);
  if (spfLookups(merged) > mostSpfLookups) {
    draft.name('changes_foreign_value', 'TXT', [merged], `with more than ${mostSpfLookups} look-ups, so receivers would refuse it`);
  }
  draft.swap('TXT', existing, merged);
}
