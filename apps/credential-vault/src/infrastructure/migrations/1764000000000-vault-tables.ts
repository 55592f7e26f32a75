import type { MigrationInterface, QueryRunner } from 'typeorm';
import { messagingTables } from '@connect/messaging';

/**
 * All that the vault keeps. Every secret in it is an envelope (keyring/envelope.ts); `root_version` is read from the envelope itself, so that a
 * query can say which root keys are still in use.
 */
export class VaultTables1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...tables, ...messagingTables()]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE credential, destroyed_credential, tenant_key, transport_key, lease, audit, outbox, outbox_stream, inbox, dead_letter');
  }
}

const rootVersion = (envelope: string) => `root_version integer NOT NULL GENERATED ALWAYS AS (split_part(${envelope}, '.', 2)::integer) STORED`;

const tables = [
  `CREATE TABLE tenant_key (
    tenant_id text NOT NULL,
    version integer NOT NULL,
    wrapped text NOT NULL,
    ${rootVersion('wrapped')},
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, version)
  )`,
  'CREATE INDEX tenant_key_by_root ON tenant_key (root_version)',
  `CREATE TABLE transport_key (
    kid text PRIMARY KEY,
    public_jwk jsonb NOT NULL,
    sealed_private_key text NOT NULL,
    ${rootVersion('sealed_private_key')},
    created_at timestamptz NOT NULL DEFAULT now(),
    accepted_until timestamptz
  )`,
  `CREATE TABLE credential (
    credential_id text PRIMARY KEY,
    tenant_id text NOT NULL,
    application_id text NOT NULL,
    provider text NOT NULL,
    version integer NOT NULL,
    tenant_key_version integer NOT NULL,
    sealed text NOT NULL,
    fingerprint text NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (tenant_id, tenant_key_version) REFERENCES tenant_key (tenant_id, version)
  )`,
  `CREATE TABLE destroyed_credential (
    tenant_id text NOT NULL,
    credential_id text NOT NULL,
    message_id uuid NOT NULL,
    destroyed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, credential_id)
  )`,
  // One lease to a worker's key: a question that is repeated on the bus does not bring the credential out a second time.
  `CREATE TABLE lease (
    worker_key text PRIMARY KEY,
    lease_id uuid NOT NULL,
    expires_at timestamptz NOT NULL
  )`,
  'CREATE INDEX lease_end ON lease USING brin (expires_at)',
  `CREATE TABLE audit (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    action text NOT NULL,
    application_id text,
    credential_id text,
    provider text,
    version integer,
    purpose text,
    zone text,
    fence text,
    connections text[] NOT NULL DEFAULT '{}',
    lease_id uuid,
    PRIMARY KEY (tenant_id, id)
  )`,
  'CREATE INDEX audit_of_credential ON audit (tenant_id, credential_id, id)',
  'CREATE INDEX audit_age ON audit USING brin (at)',
];
