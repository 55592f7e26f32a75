import { txtBytes } from '@connect/domain';
import type { AuditRule } from '../../spi/index.js';

/** Documented refusals beyond the descriptor. */
export const azurednsAudit: readonly AuditRule[] = [
  {
    name: 'setOverTwentyRecords',
    source: 'https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits (Azure DNS), 2026-11: 20 records per record set',
    refuses: ({ after, before }) => (after !== null && after.values.length > Math.max(20, before?.values.length ?? 0) ? 'a record set has at most 20 records' : null),
  },
  {
    name: 'txtSetOver4096Characters',
    source: 'https://learn.microsoft.com/azure/dns/dns-zones-records (TXT records), 2026-11: 4,096 characters for all records of a set',
    refuses: ({ type, after }) => (type === 'TXT' && after !== null && after.values.reduce((sum, value) => sum + txtBytes(value).length, 0) > 4_096 ? 'the texts of a record set have at most 4,096 characters together' : null),
  },
  {
    name: 'nsAtWildcard',
    source: 'https://learn.microsoft.com/azure/dns/dns-zones-records (wildcard records), 2026-11: any type except NS and SOA',
    refuses: ({ ownerName, type, after }) => (after !== null && type === 'NS' && ownerName.startsWith('*.') ? 'NS records at a wildcard' : null),
  },
];
