import { txtBytes } from '@connect/domain';
import type { AuditRule } from '../../spi/index.js';

export const digitaloceanAudit: readonly AuditRule[] = [
  {
    name: 'txtOver509OctetsEncoded',
    source: 'DNSControl providers/digitalocean/auditrecords.go, seen refused 2021-03: quotes, escapes and spaces between strings are counted',
    refuses: ({ type, after }) => (type === 'TXT' && after !== null && after.values.some((value) => encodedLength(txtBytes(value)) > 509) ? 'a value has more than 509 octets with its quotes' : null),
  },
];

function encodedLength(bytes: Buffer): number {
  const strings = Math.max(1, Math.ceil(bytes.length / 255));
  return bytes.length + bytes.filter((byte) => byte === 0x22).length + strings * 3 - 1;
}
