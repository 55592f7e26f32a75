import { txtText } from '@connect/domain';
import type { AuditRule } from '../../spi/index.js';

/** Empty TXT, TXT with a space at its end and CAA with spaces are in the descriptor; NS at the apex is refused everywhere. */
export const porkbunAudit: readonly AuditRule[] = [
  {
    name: 'secondSpfRecord',
    source: 'https://porkbun.com/api/json/v3/spec, error code SPF_CONFLICT, 2026-11',
    refuses: ({ type, after }) => (type === 'TXT' && after !== null && after.values.filter((value) => /^v=spf1( |$)/i.test(txtText(value))).length > 1 ? 'a name has one SPF record' : null),
  },
];
