import { ConnectError, isUuid } from '@connect/domain';
import type { AuditLog, AuditRow } from '../ports/audit-log.port.js';

export class AuditTrail {
  constructor(private readonly log: AuditLog) {}

  /** One page of a tenant's audit, newest first. Throws `malformed_request` for a cursor that is no id. */
  async run(ask: { tenantId: string; credentialId: string | null; limit: number; before: string | null }): Promise<AuditRow[]> {
    if (ask.before !== null && !isUuid(ask.before)) throw new ConnectError('malformed_request', { detail: '`before` is the id of an audit row.' });
    return this.log.page(ask);
  }
}
