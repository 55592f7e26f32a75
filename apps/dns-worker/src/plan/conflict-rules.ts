import type { OwnerName, RecordType } from '@connect/domain';
import type { Consequence } from './plan.js';

/** Types that may stand beside a CNAME (RFC 4034 3 and 4, RFC 2535 for KEY), and the zone's own at an apex whose CNAME the provider flattens. */
const besideCname: readonly RecordType[] = ['RRSIG', 'NSEC', 'NSEC3', 'KEY'];
const addressLike: readonly RecordType[] = ['A', 'AAAA', 'ALIAS', 'CNAME'];
/** Never taken away, whoever asks: without them the zone, or what is delegated, is gone. */
export const neverRemoved: readonly RecordType[] = ['NS', 'SOA', 'DS', 'DNSKEY'];

/** Sets of which the connection's values are all there may be. The others are additive, or exclusive by key (TXT). */
export function isExclusive(type: RecordType): boolean {
  return [...addressLike, 'HTTPS', 'SVCB', 'MX'].includes(type);
}

/** Must a set of type `other` leave the name when a set of type `wanted` comes? `flattens`: the name is an apex where a CNAME is served as addresses. */
export function excludes(wanted: RecordType, other: RecordType, flattens: boolean): boolean {
  if (wanted === other) return false;
  if (wanted === 'ALIAS' || flattens) return addressLike.includes(wanted) && addressLike.includes(other);
  if (wanted === 'CNAME') return !besideCname.includes(other);
  if (other === 'CNAME') return !besideCname.includes(wanted);
  if (wanted === 'A' || wanted === 'AAAA') return other === 'ALIAS' || other === 'A' || other === 'AAAA';
  return false;
}

/** How the loss of a foreign value is named. */
export function lossCode(wanted: RecordType, lost: RecordType): Consequence['code'] {
  if (lost === 'MX') return wanted === 'MX' ? 'replaces_mx' : 'mail_at_name';
  if (lost === 'CNAME' || lost === 'ALIAS') return 'replaces_cname';
  if (lost === 'A' || lost === 'AAAA') return 'replaces_address';
  return wanted === lost ? 'changes_foreign_value' : 'cname_conflict';
}

/**
 * A standing approval (`replace_conflicting`) covers exclusive sets at names of the template: addresses, aliases, keyed TXT, HTTPS and SVCB. It never
 * covers mail, what merely stands beside a CNAME, or a large change.
 */
export function isCoveredByStandingApproval({ code, type }: Pick<Consequence, 'code' | 'type'>): boolean {
  if (code === 'changes_foreign_value' || code === 'cname_conflict') return type === 'HTTPS' || type === 'SVCB';
  return (['replaces_address', 'replaces_cname', 'second_spf', 'replaces_keyed_value', 'type_change_gap', 'proxied'] as Consequence['code'][]).includes(code);
}

export function isProtected(ownerName: OwnerName, type: RecordType, apex: OwnerName): boolean {
  return type === 'SOA' || (type === 'NS' && ownerName === apex);
}
