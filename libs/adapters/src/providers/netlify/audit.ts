import type { AuditRule } from '../../spi/index.js';

/** What DNSControl saw refused (an empty TXT, null MX; 2023-01-19) is said by the descriptor; nothing else is known. */
export const netlifyAudit: readonly AuditRule[] = [];
