import { valuesOf } from '@connect/domain';
import type { AuditRule } from '../../spi/index.js';

export const vultrAudit: readonly AuditRule[] = [
  {
    name: 'caaWithoutValue',
    source: 'DNSControl providers/vultr, https://github.com/DNSControl/dnscontrol/pull/4609, seen refused 2026-07-26',
    refuses: (change) => (change.type === 'CAA' && valuesOf(change).added.some((value) => value.endsWith(' ""')) ? 'a CAA record has a value; ";" names nobody' : null),
  },
];
