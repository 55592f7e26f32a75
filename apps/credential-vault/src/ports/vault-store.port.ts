import type { CredentialPlace } from '../keyring/associated-data.js';
import type { Envelope } from '../keyring/envelope.js';
import type { WrappedTenantKey } from '../keyring/tenant-keys.js';
import type { Messages } from './messages.port.js';

/** A credential as it is kept: where it stands, and what is sealed there. */
export type SealedCredential = CredentialPlace & { tenantKeyVersion: number; sealed: Envelope; fingerprint: string };

export const auditActions = ['stored', 'replaced', 'leased', 'lease_refused', 'destroyed', 'destroy_found_nothing'] as const;
export type AuditAction = (typeof auditActions)[number];
/** One line of the audit. Ids are UUIDv7, so they sort by age; the store adds the instant. */
export type AuditEntry = { id: string; tenantId: string; action: AuditAction; applicationId: string | null; credentialId: string; provider: string | null; version: number | null };

/** Everything here is one transaction: a credential, its audit and its messages are there together or not at all. */
export interface VaultChange {
  /** Takes the credential's lock until the end of the transaction, so that storing and destroying it stand in a row. */
  credential(credentialId: string): Promise<SealedCredential | undefined>;
  /** The id of the message that told of its destruction, for this tenant. After it nothing is stored under the id again. */
  destroyedBy(tenantId: string, credentialId: string): Promise<string | undefined>;
  tenantKey(tenantId: string, version: number | 'newest'): Promise<WrappedTenantKey | undefined>;
  /** Adds the tenant's key, or gives the one that somebody else added meanwhile. */
  addTenantKey(tenantId: string, key: WrappedTenantKey): Promise<WrappedTenantKey>;
  put(credential: SealedCredential): Promise<void>;
  /** Deletes the sealed bytes and remembers that they are gone. */
  destroy(tenantId: string, credentialId: string, messageId: string): Promise<void>;
  audit(entry: AuditEntry): Promise<void>;
}

/** Port: what the vault keeps. */
export interface VaultStore {
  change<T>(work: (vault: VaultChange, messages: Messages) => Promise<T>): Promise<T>;
}
export const VAULT_STORE = Symbol('VaultStore');
