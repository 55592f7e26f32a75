import { endsSpf, spfMechanisms, spfTermKey, spfTerms, txtValue, type RecordValue } from '@connect/domain';

/**
 * The record that allows what both allow: our mechanisms go before the first `all` or `redirect`, which ends the evaluation. How the existing record
 * ends stays as it is. `null`: all of ours is in it already.
 */
export function mergeSpf(existing: RecordValue, wanted: RecordValue): RecordValue | null {
  const terms = spfTerms(existing);
  const known = new Set(terms.map(spfTermKey));
  const missing = spfMechanisms(wanted).filter((term) => !known.has(spfTermKey(term)));
  if (missing.length === 0) return null;
  const at = terms.findIndex(endsSpf);
  const place = at === -1 ? terms.length : at;
  return spfValue([...terms.slice(0, place), ...missing, ...terms.slice(place)]);
}

/** The record without these terms (by key); `null` when nothing is left that means anything. */
export function withoutSpfTerms(value: RecordValue, keys: ReadonlySet<string>): RecordValue | null {
  const left = spfTerms(value).filter((term) => !keys.has(spfTermKey(term)));
  return left.length === 0 ? null : spfValue(left);
}

/** Terms that cost a DNS look-up; a record with more than ten of them is an error for its receivers (RFC 7208 4.6.4). Those of included records count too and are not seen here. */
export function spfLookups(value: RecordValue): number {
  return spfTerms(value).filter((term) => /^[+?~-]?(include:|a([:/]|$)|mx([:/]|$)|ptr([:]|$)|exists:)|^redirect=/i.test(term)).length;
}
export const mostSpfLookups = 10;

function spfValue(terms: readonly string[]): RecordValue {
  return txtValue(['v=spf1', ...terms].join(' '));
}
