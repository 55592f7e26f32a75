export type AuditRow = { id: string; at: Date; action: string; credentialId: string | null; purpose: string | null; zone: string | null; connections: string[] };

/** Port: the audit and its age. `page`: one tenant's, newest first; `before` is the id of the last row of the page before. */
export interface AuditLog {
  page(ask: { tenantId: string; credentialId: string | null; limit: number; before: string | null }): Promise<AuditRow[]>;
  /** Deletes leases that ended so long ago; their audit stays. Returns how many. */
  forgetLeases(endedBeforeSeconds: number): Promise<number>;
  /** Deletes audit rows at the end of their retention. Returns how many. */
  forgetAudit(olderThanDays: number): Promise<number>;
}
export const AUDIT_LOG = Symbol('AuditLog');
