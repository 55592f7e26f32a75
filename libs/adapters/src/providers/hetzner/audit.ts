import type { AuditRule } from '../../spi/index.js';

/**
 * What the old API spoiled (a CAA value with spaces, until 2023-04) ended with it; the new one answers 422 to what it does not take. The types that
 * it was seen to refuse (NAPTR, SSHFP, LOC) are not written by the house at all.
 */
export const hetznerAudit: readonly AuditRule[] = [];
