import type { DataSource } from 'typeorm';
import { affected, sql, transaction, type Sql } from '@connect/storage';
import type { WrappedTenantKey } from '../keyring/tenant-keys.js';
import type { AuditEntry, SealedCredential, VaultChange, VaultStore } from '../ports/vault-store.port.js';
import type { Messages } from '../ports/messages.port.js';

/** The vault's rows in Postgres. `messagesIn` gives the outbox and inbox that write in the same transaction. */
export class PostgresVaultStore implements VaultStore {
  constructor(private readonly dataSource: DataSource, private readonly messagesIn: (tx: Sql) => Messages) {}

  change<T>(work: (vault: VaultChange, messages: Messages) => Promise<T>): Promise<T> {
    return transaction(this.dataSource, (tx) => work(new PostgresVaultChange(tx), this.messagesIn(tx)));
  }
}

class PostgresVaultChange implements VaultChange {
  constructor(private readonly tx: Sql) {}

  async credential(credentialId: string): Promise<SealedCredential | undefined> {
    // A row lock would not do: what is stored for the first time has no row yet.
    await sql(this.tx, 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`credential ${credentialId}`]);
    const [row] = await sql<SealedCredential>(
      this.tx,
      `SELECT credential_id AS "credentialId", tenant_id AS "tenantId", application_id AS "applicationId", provider, version,
              tenant_key_version AS "tenantKeyVersion", sealed, fingerprint
       FROM credential WHERE credential_id = $1`,
      [credentialId],
    );
    return row;
  }

  async destroyedBy(tenantId: string, credentialId: string): Promise<string | undefined> {
    const [row] = await sql<{ message_id: string }>(this.tx, 'SELECT message_id FROM destroyed_credential WHERE tenant_id = $1 AND credential_id = $2', [tenantId, credentialId]);
    return row?.message_id;
  }

  async tenantKey(tenantId: string, version: number | 'newest'): Promise<WrappedTenantKey | undefined> {
    const [row] = await sql<WrappedTenantKey>(
      this.tx,
      'SELECT version, wrapped FROM tenant_key WHERE tenant_id = $1 AND ($2::integer IS NULL OR version = $2) ORDER BY version DESC LIMIT 1',
      [tenantId, version === 'newest' ? null : version],
    );
    return row;
  }

  async addTenantKey(tenantId: string, key: WrappedTenantKey): Promise<WrappedTenantKey> {
    await affected(this.tx, 'INSERT INTO tenant_key (tenant_id, version, wrapped) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [tenantId, key.version, key.wrapped]);
    return (await this.tenantKey(tenantId, key.version)) ?? key;
  }

  async put(credential: SealedCredential): Promise<void> {
    const { credentialId, tenantId, applicationId, provider, version, tenantKeyVersion, sealed, fingerprint } = credential;
    await sql(
      this.tx,
      `INSERT INTO credential (credential_id, tenant_id, application_id, provider, version, tenant_key_version, sealed, fingerprint) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (credential_id) DO UPDATE SET version = $5, tenant_key_version = $6, sealed = $7, fingerprint = $8, stored_at = now()`,
      [credentialId, tenantId, applicationId, provider, version, tenantKeyVersion, sealed, fingerprint],
    );
  }

  async destroy(tenantId: string, credentialId: string, messageId: string): Promise<void> {
    await affected(this.tx, 'DELETE FROM credential WHERE tenant_id = $1 AND credential_id = $2', [tenantId, credentialId]);
    await affected(this.tx, 'INSERT INTO destroyed_credential (tenant_id, credential_id, message_id) VALUES ($1, $2, $3)', [tenantId, credentialId, messageId]);
  }

  async audit(entry: AuditEntry): Promise<void> {
    await affected(
      this.tx,
      'INSERT INTO audit (id, tenant_id, action, application_id, credential_id, provider, version) VALUES ($1, $2, $3, $4, $5, $6, $7)',
      [entry.id, entry.tenantId, entry.action, entry.applicationId, entry.credentialId, entry.provider, entry.version],
    );
  }
}
