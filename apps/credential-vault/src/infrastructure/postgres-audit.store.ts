import type { DataSource } from 'typeorm';
import { affected, sql } from '@connect/storage';
import type { AuditLog, AuditRow } from '../ports/audit-log.port.js';

export class PostgresAuditLog implements AuditLog {
  constructor(private readonly dataSource: DataSource) {}

  page(ask: { tenantId: string; credentialId: string | null; limit: number; before: string | null }): Promise<AuditRow[]> {
    return sql<AuditRow>(
      this.dataSource.manager,
      `SELECT id, at, action, credential_id AS "credentialId", purpose, zone, connections FROM audit
       WHERE tenant_id = $1 AND ($2::text IS NULL OR credential_id = $2) AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`,
      [ask.tenantId, ask.credentialId, ask.before, ask.limit],
    );
  }

  forgetLeases(endedBeforeSeconds: number): Promise<number> {
    return affected(this.dataSource.manager, 'DELETE FROM lease WHERE expires_at < now() - make_interval(secs => $1)', [endedBeforeSeconds]);
  }

  forgetAudit(olderThanDays: number): Promise<number> {
    return affected(this.dataSource.manager, 'DELETE FROM audit WHERE at < now() - make_interval(days => $1)', [olderThanDays]);
  }
}
