import { txtBytes, txtValueOfBytes, valuesOf } from '@connect/domain';
import type { AuditRule } from '../../spi/index.js';

export const namecomAudit: readonly AuditRule[] = [
  {
    name: 'txtOver512OctetsQuoted',
    source: 'DNSControl providers/namedotcom/auditrecords.go, seen refused 2024-12-17: quotes, escapes and spaces between strings are counted',
    refuses: (change) => (change.type === 'TXT' && valuesOf(change).added.some((value) => txtValueOfBytes(txtBytes(value)).length > 512) ? 'a value has more than 512 octets with its quotes' : null),
  },
];
