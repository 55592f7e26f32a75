import type { AuditRule } from '../../spi/index.js';

/** The wire carries all data; what a server's policy refuses it says itself. Verified 2026-11 on BIND 9.18 and Knot 3.2 by the conformance suite. */
export const rfc2136Audit: readonly AuditRule[] = [];
