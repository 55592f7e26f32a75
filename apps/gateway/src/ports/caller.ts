import { ConnectError } from '@connect/domain';

export const scopes = ['connections:read', 'connections:write', 'connections:approve', 'credentials:write', 'applications:write', 'keys:write', 'audit:read'] as const;
export type Scope = (typeof scopes)[number];

/** Who asks: a key of a tenant, which sees everything of the tenant, or of one application, which sees that application only. */
export type Caller = { keyId: string; tenantId: string; applicationId: string | null; scopes: readonly Scope[]; expiresAt: Date | null };
/** What a caller may see. `applicationId: null`: every application of the tenant. */
export type Sight = { tenantId: string; applicationId: string | null };

/** Throws `not_found` where the caller's key belongs to another application: what is not seen does not exist. */
export function assertSeesApplication(sight: Sight, applicationId: string): void {
  if (sight.applicationId !== null && sight.applicationId !== applicationId) throw new ConnectError('not_found');
}
