import { labelsOf, valuesOf, type Change } from '@connect/domain';
import type { AuditRule } from '../../spi/index.js';

const source = 'linode/linode-api-docs openapi.yaml, domain record, 2026-11';

export const linodeAudit: readonly AuditRule[] = [
  { name: 'mxPreferenceOver255', source, refuses: (change) => (change.type === 'MX' && addedOf(change).some((value) => Number.parseInt(value, 10) > 255) ? 'the preference of an MX record is at most 255' : null) },
  {
    name: 'caaOfAnotherTag',
    source,
    refuses: (change) => (change.type === 'CAA' && addedOf(change).some((value) => !['issue', 'issuewild', 'iodef'].includes(value.split(' ')[1]!)) ? 'the tag of a CAA record is issue, issuewild or iodef' : null),
  },
  {
    // There is no field for other flags: "128" would become "0".
    name: 'caaWithFlags',
    source: 'DNSControl providers/linode/auditrecords.go, seen 2022-03',
    refuses: (change) => (change.type === 'CAA' && addedOf(change).some((value) => !value.startsWith('0 ')) ? 'the flags of a CAA record are 0' : null),
  },
  { name: 'wildcardNs', source, refuses: ({ type, after, ownerName }) => (type === 'NS' && after !== null && labelsOf(ownerName)[0] === '*' ? 'NS records cannot be at a wildcard' : null) },
  {
    name: 'targetOfOneLabel',
    source: 'The API appends the zone to an SRV target of one label; measured 2026-09 by hampel/linode-api',
    refuses: (change) => (change.type === 'SRV' && addedOf(change).some((value) => /^[^.]+\.$/.test(value.split(' ').at(-1)!)) ? 'the target of an SRV record has more than one label' : null),
  },
];

function addedOf(change: Change): readonly string[] {
  return valuesOf(change).added;
}
