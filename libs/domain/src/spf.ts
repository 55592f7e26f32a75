import { txtText, type RecordValue } from './record-data.js';

/** RFC 7208 4.5: exactly `v=spf1` before a space or the end, in any case. */
export function isSpf(value: RecordValue): boolean {
  return /^v=spf1( |$)/i.test(txtText(value));
}

/** The terms of an SPF record (RFC 7208 4.6.1) in their order, without the version. */
export function spfTerms(value: RecordValue): string[] {
  return txtText(value).trim().split(/ +/).slice(1);
}

/** Terms are compared without regard to case, and `+` is the default qualifier (RFC 7208 4.6.2). */
export function spfTermKey(term: string): string {
  return `spf:${term.replace(/^\+/, '').toLowerCase()}`;
}

/** Mechanisms and modifiers that may be added to a record that somebody else ends: not `all`, not `redirect`, not `exp`. */
export function spfMechanisms(value: RecordValue): string[] {
  return spfTerms(value).filter((term) => !endsSpf(term) && !/^exp=/i.test(term));
}

/** Does the evaluation end at this term, `all` or `redirect`? */
export function endsSpf(term: string): boolean {
  return /^[+?~-]?all$/i.test(term) || /^redirect=/i.test(term);
}
