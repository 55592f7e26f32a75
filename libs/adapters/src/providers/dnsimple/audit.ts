import type { AuditRule } from '../../spi/index.js';

export const dnsimpleAudit: readonly AuditRule[] = [
  {
    name: 'txtOver1000CharactersEncoded',
    source: 'DNSControl providers/dnsimple/auditrecords.go, seen refused 2023-12; dnsimple-support content/articles/txt-record-format.md: the limit holds for the serialised form',
    refuses: ({ type, after }) => (type === 'TXT' && after !== null && after.values.some((value) => value.length > 1_000) ? 'a value has more than 1,000 characters with its quotes and escapes' : null),
  },
];
