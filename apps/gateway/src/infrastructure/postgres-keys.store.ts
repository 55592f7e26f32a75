import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql, type Sql } from '@connect/storage';
import type { Caller, Scope } from '../ports/caller.js';
import type { Page } from '../ports/page.js';
import { KeyStore, TenantStore, type StoredKey, type Tenant } from '../ports/key-store.port.js';
import { keyRevokedChannel } from './notifications.js';

const columns = 'id, tenant_id, application_id, name, scopes, hint, expires_at, revoked_at, created_by, created_at';

@Injectable()
export class PostgresKeyStore extends KeyStore {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  async insert(tx: Sql, key: StoredKey, hash: Buffer): Promise<void> {
    await sql(
      tx,
      'INSERT INTO api_key (id, tenant_id, application_id, name, scopes, hash, hint, expires_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
      [key.id, key.tenant_id, key.application_id, key.name, key.scopes, hash, key.hint, key.expires_at, key.created_by],
    );
  }

  async list(applicationId: string, page: Page): Promise<StoredKey[]> {
    return sql<StoredKey>(this.dataSource.manager, `SELECT ${columns} FROM api_key WHERE application_id = $1 AND ($2::text IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`, [applicationId, page.after, page.limit]);
  }

  async revoke(tenantId: string, applicationId: string, id: string): Promise<boolean> {
    const revoked = await sql<{ hash: Buffer }>(
      this.dataSource.manager,
      'UPDATE api_key SET revoked_at = coalesce(revoked_at, now()) WHERE tenant_id = $1 AND application_id = $2 AND id = $3 RETURNING hash',
      [tenantId, applicationId, id],
    );
    if (revoked[0] === undefined) return false;
    await sql(this.dataSource.manager, 'SELECT pg_notify($1, $2)', [keyRevokedChannel, revoked[0].hash.toString('hex')]);
    return true;
  }

  async findByHash(hash: Buffer): Promise<Caller | null> {
    const [key] = await sql<{ id: string; tenant_id: string; application_id: string | null; scopes: Scope[]; expires_at: Date | null }>(
      this.dataSource.manager,
      'SELECT id, tenant_id, application_id, scopes, expires_at FROM api_key WHERE hash = $1 AND revoked_at IS NULL',
      [hash],
    );
    return key === undefined ? null : { keyId: key.id, tenantId: key.tenant_id, applicationId: key.application_id, scopes: key.scopes, expiresAt: key.expires_at };
  }
}

@Injectable()
export class PostgresTenantStore extends TenantStore {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  async insert(tx: Sql, tenant: Tenant): Promise<void> {
    await sql(tx, 'INSERT INTO tenant (id, name, created_at) VALUES ($1, $2, $3)', [tenant.id, tenant.name, tenant.created_at]);
  }

  async list(page: Page): Promise<Tenant[]> {
    return sql<Tenant>(this.dataSource.manager, 'SELECT id, name, created_at FROM tenant WHERE $1::text IS NULL OR id < $1 ORDER BY id DESC LIMIT $2', [page.after, page.limit]);
  }

  async find(id: string): Promise<Tenant | null> {
    const [tenant] = await sql<Tenant>(this.dataSource.manager, 'SELECT id, name, created_at FROM tenant WHERE id = $1', [id]);
    return tenant ?? null;
  }
}
