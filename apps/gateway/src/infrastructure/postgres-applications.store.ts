import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql, type Sql } from '@connect/storage';
import { ApplicationStore, type Application, type ApplicationChanges, type ConnectionAsk, type ForConnection } from '../ports/application-store.port.js';
import type { Sight } from '../ports/caller.js';
import type { Page } from '../ports/page.js';

const columns = 'id, tenant_id, name, conflict_policy, shared_credentials, template_version, record_template, created_at, updated_at';
const inSight = 'tenant_id = $1 AND ($2::text IS NULL OR id = $2)';

@Injectable()
export class PostgresApplicationStore extends ApplicationStore {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  async insert(tx: Sql, application: Application, by: string): Promise<void> {
    const template = application.record_template === null ? null : JSON.stringify(application.record_template);
    await sql(
      tx,
      'INSERT INTO application (id, tenant_id, name, conflict_policy, shared_credentials, template_version, record_template, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
      [application.id, application.tenant_id, application.name, application.conflict_policy, application.shared_credentials, application.template_version, template, application.created_at, application.updated_at],
    );
    if (template !== null) await this.addVersion(tx, application.id, application.template_version ?? 1, template, by);
  }

  async change(tx: Sql, sight: Sight, id: string, changes: ApplicationChanges, by: string): Promise<Application | null> {
    const [before] = await sql<Application>(tx, `SELECT ${columns} FROM application WHERE ${inSight} AND id = $3 FOR UPDATE`, [sight.tenantId, sight.applicationId, id]);
    if (before === undefined) return null;
    const template = changes.record_template === undefined ? before.record_template : changes.record_template;
    const changed = changes.record_template !== undefined && JSON.stringify(template) !== JSON.stringify(before.record_template);
    // The number goes on also when the template is taken away and comes again: a version names one content for ever.
    const version = changed && template !== null ? await this.nextVersion(tx, id) : template === null ? null : before.template_version;
    const [after] = await sql<Application>(
      tx,
      `UPDATE application SET name = $2, conflict_policy = $3, shared_credentials = $4, template_version = $5, record_template = $6, updated_at = now() WHERE id = $1 RETURNING ${columns}`,
      [id, changes.name ?? before.name, changes.conflict_policy ?? before.conflict_policy, changes.shared_credentials ?? before.shared_credentials, version, template === null ? null : JSON.stringify(template)],
    );
    if (changed && template !== null && version !== null) await this.addVersion(tx, id, version, JSON.stringify(template), by);
    return after ?? null;
  }

  async find(sight: Sight, id: string, tx?: Sql): Promise<Application | null> {
    const [application] = await sql<Application>(tx ?? this.dataSource.manager, `SELECT ${columns} FROM application WHERE ${inSight} AND id = $3`, [sight.tenantId, sight.applicationId, id]);
    return application ?? null;
  }

  async findForConnections(runner: Sql, asks: readonly ConnectionAsk[]): Promise<(ForConnection | null)[]> {
    const found = await sql<ForConnection & { position: number }>(
      runner,
      `SELECT ask.position::integer AS position, application.id, application.tenant_id, conflict_policy, template_version, record_template,
         CASE WHEN credential.id IS NOT NULL THEN jsonb_build_object('id', credential.id, 'provider', credential.provider, 'zone', credential.zone) END AS credential
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS ask (tenant_id, seen_id, id, credential_id, position)
       JOIN application ON application.tenant_id = ask.tenant_id AND (ask.seen_id IS NULL OR application.id = ask.seen_id) AND application.id = ask.id
       LEFT JOIN credential ON credential.id = ask.credential_id AND credential.application_id = application.id AND credential.status NOT IN ('storing', 'destroying')`,
      [asks.map(({ sight }) => sight.tenantId), asks.map(({ sight }) => sight.applicationId), asks.map(({ applicationId }) => applicationId), asks.map(({ credentialId }) => credentialId)],
    );
    const byPosition = new Map(found.map(({ position, ...application }) => [position, application]));
    return asks.map((_, index) => byPosition.get(index + 1) ?? null);
  }

  async list(sight: Sight, page: Page): Promise<Application[]> {
    return sql<Application>(this.dataSource.manager, `SELECT ${columns} FROM application WHERE ${inSight} AND ($3::text IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`, [sight.tenantId, sight.applicationId, page.after, page.limit]);
  }

  private async nextVersion(tx: Sql, id: string): Promise<number> {
    const [row] = await sql<{ next: number }>(tx, 'SELECT coalesce(max(version), 0) + 1 AS next FROM application_template WHERE application_id = $1', [id]);
    return row?.next ?? 1;
  }

  private async addVersion(tx: Sql, id: string, version: number, template: string, by: string): Promise<void> {
    await sql(tx, 'INSERT INTO application_template (application_id, version, records, created_by) VALUES ($1, $2, $3, $4)', [id, version, template, by]);
  }
}
