import type { AuditRule } from '../../spi/index.js';

/** PowerDNS carries all that its descriptor names; its own checks answer 422. Verified 2026-11 on 4.7.3 by the conformance suite. */
export const powerdnsAudit: readonly AuditRule[] = [];
