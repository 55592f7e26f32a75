import type { ConflictPolicy, WireTemplateRecord } from '@connect/contracts';
import type { Sql } from '@connect/storage';
import type { Sight } from './caller.js';
import type { Page } from './page.js';

export type Application = {
  id: string; tenant_id: string; name: string; conflict_policy: ConflictPolicy; shared_credentials: boolean; template_version: number | null; record_template: WireTemplateRecord[] | null;
  created_at: Date; updated_at: Date;
};
export type ApplicationChanges = { name?: string; conflict_policy?: ConflictPolicy; shared_credentials?: boolean; record_template?: WireTemplateRecord[] | null };

export type ForConnection = Pick<Application, 'id' | 'tenant_id' | 'conflict_policy' | 'template_version' | 'record_template'> & { credential: { id: string; provider: string; zone: string | null } | null };

/** What a new connection names. */
export type ConnectionAsk = { sight: Sight; applicationId: string; credentialId: string | null };

export abstract class ApplicationStore {
  abstract insert(tx: Sql, application: Application, by: string): Promise<void>;
  /** A changed template gets the next version; connections keep what they were rendered from. */
  abstract change(tx: Sql, sight: Sight, id: string, changes: ApplicationChanges, by: string): Promise<Application | null>;
  abstract find(sight: Sight, id: string, tx?: Sql): Promise<Application | null>;
  /** What new connections need of their applications and of the credentials they name, read at once. In the order of the asks; null where there is no such application. */
  abstract findForConnections(runner: Sql, asks: readonly ConnectionAsk[]): Promise<(ForConnection | null)[]>;
  abstract list(sight: Sight, page: Page): Promise<Application[]>;
}
