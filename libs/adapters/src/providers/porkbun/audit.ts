import { isSpf, valuesOf } from '@connect/domain';
import type { AuditRule } from '../../spi/index.js';

/** Empty TXT, TXT with a space at its end and CAA with spaces are in the descriptor; NS at the apex is refused everywhere. */
export const porkbunAudit: readonly AuditRule[] = [
  {
    name: 'secondSpfRecord',
    source: 'https://porkbun.com/api/json/v3/spec, error code SPF_CONFLICT, 2026-11',
    // Two that stand there from before their rule are in nobody's way.
    refuses: (change) => (change.type === 'TXT' && change.after !== null && valuesOf(change).added.some(isSpf) && change.after.values.filter(isSpf).length > 1 ? 'a name has one SPF record' : null),
  },
];
