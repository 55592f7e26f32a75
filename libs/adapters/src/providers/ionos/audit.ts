import { txtBytes, valuesOf } from '@connect/domain';
import type { AuditRule } from '../../spi/index.js';

export const ionosAudit: readonly AuditRule[] = [
  {
    name: 'txtStartsWithSpace',
    source: 'texts go without quotes, and ionos-developer/terraform-provider-ionosdeveloper compares them without outer spaces (2026-11)',
    refuses: (change) => (change.type === 'TXT' && valuesOf(change).added.some((value) => txtBytes(value).at(0) === 0x20) ? 'a value begins with a space' : null),
  },
];
