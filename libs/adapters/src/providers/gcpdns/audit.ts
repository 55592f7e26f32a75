import type { AuditRule } from '../../spi/index.js';

/** Documented refusals beyond the descriptor. An ALIAS below the apex is refused by the adapter: only it knows the apex. */
export const gcpdnsAudit: readonly AuditRule[] = [
  {
    name: 'setOverHundredRecords',
    source: 'https://cloud.google.com/dns/quotas, 2026-11: 100 records per record set by default',
    // A set that holds more already shows that the quota of the project was raised; how far is theirs to say.
    refuses: ({ before, after }) => (after !== null && after.values.length > 100 && (before?.values.length ?? 0) <= 100 ? 'a record set has at most 100 records' : null),
  },
  {
    name: 'delegationOverEightNameServers',
    source: 'https://cloud.google.com/dns/quotas, 2026-11: 8 name servers per delegation',
    refuses: ({ type, after }) => (after !== null && type === 'NS' && after.values.length > 8 ? 'a delegation has at most 8 name servers' : null),
  },
  {
    name: 'nsAtWildcard',
    source: 'https://cloud.google.com/dns/docs/error-messages (wildcardNotAllowed), 2026-11',
    refuses: ({ ownerName, type, after }) => (after !== null && type === 'NS' && ownerName.startsWith('*.') ? 'NS records at a wildcard' : null),
  },
];
