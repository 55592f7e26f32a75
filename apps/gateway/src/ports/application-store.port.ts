import type { ConflictPolicy, WireTemplateRecord } from '@connect/contracts';
import type { Sql } from '@connect/storage';
import type { Sight } from './caller.js';
import type { Page } from './connection-store.port.js';

export type Application = {
  id: string; tenant_id: string; name: string; conflict_policy: ConflictPolicy; shared_credentials: boolean; template_version: number | null; record_template: WireTemplateRecord[] | null;
  created_at: Date; updated_at: Date;
};
export type ApplicationChanges = { name?: string; conflict_policy?: ConflictPolicy; shared_credentials?: boolean; record_template?: WireTemplateRecord[] | null };

export type ForConnection = Pick<Application, 'id' | 'tenant_id' | 'conflict_policy' | 'template_version' | 'record_template'> & { credential: { id: string; provider: string; zone: string | null } | null };

export abstract class ApplicationStore {
  abstract insert(tx: Sql, application: Application, by: string): Promise<void>;
  /** A changed template gets the next version; connections keep what they were rendered from. */
  abstract change(tx: Sql, sight: Sight, id: string, changes: ApplicationChanges, by: string): Promise<Application | null>;
  abstract find(sight: Sight, id: string, tx?: Sql): Promise<Application | null>;
  /** What a new connection needs of its application and of the credential it names, read at once. */
  abstract findForConnection(sight: Sight, id: string, credentialId: string | null, runner: Sql): Promise<ForConnection | null>;
  abstract list(sight: Sight, page: Page): Promise<Application[]>;
}
