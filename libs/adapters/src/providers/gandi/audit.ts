import type { Change } from '@connect/domain';
import type { AuditRule } from '../../spi/index.js';

/** One target, as a CNAME has. Where it stands is checked by the adapter, which knows the apex. */
const aliasOfSeveralTargets: AuditRule = {
  name: 'aliasOfSeveralTargets',
  source: 'https://api.gandi.net/docs/livedns/, 2026-11',
  refuses: ({ type, after }: Change) => (type === 'ALIAS' && after !== null && after.values.length > 1 ? 'an ALIAS has one target' : null),
};

export const gandiAudit: readonly AuditRule[] = [aliasOfSeveralTargets];
