import { valuesOf } from '@connect/domain';
import type { AuditRule } from '../../spi/index.js';

export const vercelAudit: readonly AuditRule[] = [
  {
    name: 'moreThan50Values',
    source: 'https://github.com/zordhalo/runs-on.dev/issues/197, 2026-09: "You have reached the maximum number of DNS values (50)"',
    refuses: ({ after }) => (after !== null && after.values.length > 50 ? 'a name has at most 50 values of a type' : null),
  },
  {
    name: 'echThatIsNoList',
    source: 'DNSControl providers/vercel/auditrecords.go, seen validated 2025-12-04',
    refuses: (change) => (change.type === 'HTTPS' && valuesOf(change).added.some((value) => !isEchList(/ ech="([^"]*)"/.exec(value)?.[1])) ? 'the value of ech is no ECHConfigList' : null),
  },
];

/** An ECHConfigList (RFC 9849 4) begins with the length of what follows, in two octets. */
function isEchList(text: string | undefined): boolean {
  if (text === undefined) return true;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length > 4 && bytes.readUInt16BE(0) === bytes.length - 2;
}
