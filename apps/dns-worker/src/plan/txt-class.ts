import { isSpf, labelsOf, txtText, type OwnerName, type RecordValue } from '@connect/domain';

/** TXT values of which a name may hold one only. Everything else in a TXT set is nobody's business but its writer's. */
export type TxtClass = 'spf' | 'dmarc' | 'dkim';

/**
 * DMARC: RFC 7489 6.6.3, at `_dmarc` names only. DKIM: RFC 6376 3.6.2.2, whatever stands at a selector below `_domainkey`.
 */
export function txtClass(ownerName: OwnerName, value: RecordValue): TxtClass | null {
  const text = txtText(value);
  const labels = labelsOf(ownerName);
  if (labels[1] === '_domainkey') return 'dkim';
  if (labels[0] === '_dmarc' && /^v\s*=\s*DMARC1\s*(;|$)/i.test(text)) return 'dmarc';
  return isSpf(value) ? 'spf' : null;
}
