import type { CredentialReport } from '@connect/contracts';
import type { Sql } from '@connect/storage';
import type { Sight } from './caller.js';
import type { Page } from './page.js';

/** What the gateway knows of a credential: never the secret. `storing`: the vault has not confirmed yet. */
export const credentialStatuses = ['storing', 'stored', 'valid', 'invalid', 'destroying'] as const;
export type CredentialStatus = (typeof credentialStatuses)[number];
export type Credential = {
  id: string; tenant_id: string; application_id: string; provider: string; label: string | null; zone: string | null; customer_reference: string | null; version: number; status: CredentialStatus;
  fingerprint: string | null; report: CredentialReport | null; as_of: Date | null; created_at: Date; updated_at: Date;
};

export abstract class CredentialStore {
  abstract insert(tx: Sql, credential: Credential): Promise<void>;
  abstract change(tx: Sql, id: string, changes: Partial<Pick<Credential, 'status' | 'version' | 'fingerprint' | 'report' | 'as_of' | 'label' | 'zone' | 'customer_reference'>>): Promise<void>;
  /** A version number that no other replacing gets. */
  abstract takeNextVersion(tx: Sql, id: string): Promise<number>;
  abstract find(sight: Sight, applicationId: string, id: string, tx?: Sql): Promise<Credential | null>;
  abstract lock(tx: Sql, tenantId: string, id: string): Promise<Credential | null>;
  abstract list(sight: Sight, applicationId: string, page: Page): Promise<Credential[]>;
  abstract ofApplication(tx: Sql, applicationId: string): Promise<Credential[]>;
  abstract remove(tx: Sql, id: string): Promise<void>;
  /** Credentials whose storing was cut short: nobody got their id, the vault may hold them. */
  abstract lockAbandoned(tx: Sql): Promise<Credential[]>;
}
