import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql, type Sql } from '@connect/storage';
import type { Sight } from '../ports/caller.js';
import type { Page } from '../ports/page.js';
import { CredentialStore, type Credential } from '../ports/credential-store.port.js';

const columns = 'id, tenant_id, application_id, provider, label, zone, customer_reference, version, status, fingerprint, report, as_of, created_at, updated_at';
const changeable = ['status', 'version', 'fingerprint', 'report', 'as_of', 'label', 'zone', 'customer_reference'] as const;
const inSight = "tenant_id = $1 AND ($2::text IS NULL OR application_id = $2) AND application_id = $3 AND status <> 'storing'";

@Injectable()
export class PostgresCredentialStore extends CredentialStore {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  async insert(tx: Sql, credential: Credential): Promise<void> {
    await sql(
      tx,
      'INSERT INTO credential (id, tenant_id, application_id, provider, label, zone, customer_reference, version, last_version, status) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)',
      [credential.id, credential.tenant_id, credential.application_id, credential.provider, credential.label, credential.zone, credential.customer_reference, credential.version, credential.status],
    );
  }

  async change(tx: Sql, id: string, changes: Parameters<CredentialStore['change']>[2]): Promise<void> {
    const named = changeable.filter((column) => changes[column] !== undefined);
    const assignments = named.map((column, index) => `${column} = $${index + 2}`);
    await sql(tx, `UPDATE credential SET ${[...assignments, 'updated_at = now()'].join(', ')} WHERE id = $1`, [id, ...named.map((column) => (column === 'report' ? JSON.stringify(changes.report) : changes[column]))]);
  }

  async takeNextVersion(tx: Sql, id: string): Promise<number> {
    const [row] = await sql<{ last_version: number }>(tx, 'UPDATE credential SET last_version = last_version + 1 WHERE id = $1 RETURNING last_version', [id]);
    return row?.last_version ?? 1;
  }

  async find(sight: Sight, applicationId: string, id: string, tx?: Sql): Promise<Credential | null> {
    const [credential] = await sql<Credential>(tx ?? this.dataSource.manager, `SELECT ${columns} FROM credential WHERE ${inSight} AND id = $4`, [sight.tenantId, sight.applicationId, applicationId, id]);
    return credential ?? null;
  }

  async lock(tx: Sql, tenantId: string, id: string): Promise<Credential | null> {
    const [credential] = await sql<Credential>(tx, `SELECT ${columns} FROM credential WHERE tenant_id = $1 AND id = $2 FOR UPDATE`, [tenantId, id]);
    return credential ?? null;
  }

  async list(sight: Sight, applicationId: string, page: Page): Promise<Credential[]> {
    return sql<Credential>(
      this.dataSource.manager,
      `SELECT ${columns} FROM credential WHERE ${inSight} AND ($4::text IS NULL OR id < $4) ORDER BY id DESC LIMIT $5`,
      [sight.tenantId, sight.applicationId, applicationId, page.after, page.limit],
    );
  }

  async ofApplication(tx: Sql, applicationId: string): Promise<Credential[]> {
    return sql<Credential>(tx, `SELECT ${columns} FROM credential WHERE application_id = $1 AND status NOT IN ('storing', 'destroying')`, [applicationId]);
  }

  async remove(tx: Sql, id: string): Promise<void> {
    await sql(tx, 'DELETE FROM credential WHERE id = $1', [id]);
  }

  async lockAbandoned(tx: Sql): Promise<Credential[]> {
    return sql<Credential>(tx, `SELECT ${columns} FROM credential WHERE status = 'storing' AND created_at < now() - interval '10 minutes' LIMIT 100 FOR UPDATE SKIP LOCKED`);
  }
}
