import type { AuditRule } from '../../spi/index.js';

export const godaddyAudit: readonly AuditRule[] = [
  {
    name: 'wildcardOfOtherTypes',
    source: 'godaddy/cli rust/domains-client/openapi (v3.1, 2026-08): wildcards for A, AAAA and CNAME records',
    refuses: ({ ownerName, type, after }) => (after !== null && ownerName.startsWith('*.') && !['A', 'AAAA', 'CNAME'].includes(type) ? `${type} records at a wildcard` : null),
  },
  {
    name: 'srvWithoutService',
    source: 'godaddy/cli rust/domains-client/openapi (v3.1, 2026-08): an SRV record has a service and a protocol, both with an underscore',
    refuses: (change) => (change.type === 'SRV' && !/^_[^.]+\._[^.]+\./.test(change.ownerName) ? 'the name does not begin with _service._protocol' : null),
  },
];
