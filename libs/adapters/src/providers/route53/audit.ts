import type { AuditRule } from '../../spi/index.js';
import { toTheirValue } from './convert.js';

/** Seen or documented refusals beyond the descriptor. https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html, verified 2026-11. */
export const route53Audit: readonly AuditRule[] = [
  {
    name: 'valueOverFourThousandCharacters',
    source: 'ResourceRecordTypes.html#TXTFormat, 2026-11: at most 4,000 characters, escapes and quotes counted',
    refuses: ({ type, after }) => (after !== null && type === 'TXT' && after.values.some((value) => toTheirValue(type, value).length > 4_000) ? 'a value has more than 4,000 characters with its escapes' : null),
  },
  {
    name: 'setOverFourHundredValues',
    source: 'DNSLimitations.html, 2026-11 (not seen refused)',
    // A set that holds more already shows that they take it.
    refuses: ({ before, after }) => (after !== null && after.values.length > 400 && (before?.values.length ?? 0) <= 400 ? 'a record set has at most 400 values' : null),
  },
  {
    name: 'nsAtWildcard',
    source: 'DomainNameFormat.html#domain-name-format-asterisk, 2026-11',
    refuses: ({ ownerName, type, after }) => (after !== null && type === 'NS' && ownerName.startsWith('*.') ? 'NS records at a wildcard' : null),
  },
];
