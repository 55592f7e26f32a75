import type { Sql } from '@connect/storage';
import type { Page } from './page.js';
import type { Caller, Scope } from './caller.js';

export type StoredKey = { id: string; tenant_id: string; application_id: string | null; name: string | null; scopes: Scope[]; hint: string; expires_at: Date | null; revoked_at: Date | null; created_by: string; created_at: Date };

export abstract class KeyStore {
  abstract insert(tx: Sql, key: StoredKey, hash: Buffer): Promise<void>;
  abstract list(applicationId: string, page: Page): Promise<StoredKey[]>;
  /** Revokes and tells every replica. `false`: there is no such key. */
  abstract revoke(tenantId: string, applicationId: string, id: string): Promise<boolean>;
  abstract findByHash(hash: Buffer): Promise<Caller | null>;
}
export type Tenant = { id: string; name: string; created_at: Date };
export abstract class TenantStore {
  abstract insert(tx: Sql, tenant: Tenant): Promise<void>;
  abstract list(page: Page): Promise<Tenant[]>;
  abstract find(id: string): Promise<Tenant | null>;
}
