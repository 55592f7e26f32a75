import { txtText, txtValue, type RecordValue } from '@connect/domain';

/** The terms of an SPF record (RFC 7208 4.6.1) in their order, without the version. */
export function spfTerms(value: RecordValue): string[] {
  return txtText(value).trim().split(/ +/).slice(1);
}

/** Terms are compared without regard to case, and `+` is the default qualifier (RFC 7208 4.6.2). */
export function spfTermKey(term: string): string {
  return `spf:${term.replace(/^\+/, '').toLowerCase()}`;
}

/**
 * The record that allows what both allow: our mechanisms go before the first `all` or `redirect`, which ends the evaluation. How the existing record
 * ends stays as it is. `null`: all of ours is in it already.
 */
export function mergeSpf(existing: RecordValue, wanted: RecordValue): RecordValue | null {
  const terms = spfTerms(existing);
  const known = new Set(terms.map(spfTermKey));
  const missing = mechanismsOf(wanted).filter((term) => !known.has(spfTermKey(term)));
  if (missing.length === 0) return null;
  const at = terms.findIndex(endsEvaluation);
  const place = at === -1 ? terms.length : at;
  return spfValue([...terms.slice(0, place), ...missing, ...terms.slice(place)]);
}

/** The record without these terms (by key); `null` when nothing is left that means anything. */
export function withoutSpfTerms(value: RecordValue, keys: ReadonlySet<string>): RecordValue | null {
  const left = spfTerms(value).filter((term) => !keys.has(spfTermKey(term)));
  return left.length === 0 ? null : spfValue(left);
}

/** Mechanisms and modifiers that are ours to add to a record that somebody else ends: not `all`, not `redirect`, not `exp`. */
export function mechanismsOf(value: RecordValue): string[] {
  return spfTerms(value).filter((term) => !endsEvaluation(term) && !/^exp=/i.test(term));
}

/** Terms that cost a DNS look-up; a record with more than ten of them is an error for its receivers (RFC 7208 4.6.4). Those of included records count too and are not seen here. */
export function spfLookups(value: RecordValue): number {
  return spfTerms(value).filter((term) => /^[+?~-]?(include:|a([:/]|$)|mx([:/]|$)|ptr([:]|$)|exists:)|^redirect=/i.test(term)).length;
}
export const mostSpfLookups = 10;

function endsEvaluation(term: string): boolean {
  return /^[+?~-]?all$/i.test(term) || /^redirect=/i.test(term);
}

function spfValue(terms: readonly string[]): RecordValue {
  return txtValue(['v=spf1', ...terms].join(' '));
}
