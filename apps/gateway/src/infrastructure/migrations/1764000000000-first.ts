import { messagingTables } from '@connect/messaging';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of the gateway. Text ids, UTC instants; public projections as jsonb. Claims: docs/adr/0002-claims.md. */
const tables = [
  `CREATE TABLE tenant (
    id text PRIMARY KEY,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE TABLE application (
    id text PRIMARY KEY,
    tenant_id text NOT NULL REFERENCES tenant,
    name text NOT NULL,
    conflict_policy text NOT NULL DEFAULT 'upsert',
    shared_credentials boolean NOT NULL DEFAULT false,
    template_version integer,
    record_template jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
  )`,
  'CREATE INDEX application_by_tenant ON application (tenant_id, id)',
  `CREATE TABLE application_template (
    application_id text NOT NULL REFERENCES application,
    version integer NOT NULL,
    records jsonb NOT NULL,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (application_id, version)
  )`,
  `CREATE TABLE api_key (
    id text PRIMARY KEY,
    tenant_id text NOT NULL REFERENCES tenant,
    application_id text REFERENCES application,
    name text,
    scopes text[] NOT NULL,
    hash bytea NOT NULL UNIQUE,
    hint text NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
  )`,
  'CREATE INDEX api_key_by_application ON api_key (application_id, id)',
  `CREATE TABLE credential (
    id text PRIMARY KEY,
    tenant_id text NOT NULL REFERENCES tenant,
    application_id text NOT NULL REFERENCES application,
    provider text NOT NULL,
    label text,
    zone text,
    customer_reference text,
    version integer NOT NULL,
    last_version integer NOT NULL,
    status text NOT NULL,
    fingerprint text,
    report jsonb,
    as_of timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
  )`,
  'CREATE INDEX credential_by_application ON credential (application_id, id)',
  `CREATE TABLE connection (
    id text PRIMARY KEY,
    tenant_id text NOT NULL,
    application_id text NOT NULL REFERENCES application,
    hostname text NOT NULL,
    apex text NOT NULL,
    state text NOT NULL,
    reason jsonb,
    sequence integer NOT NULL,
    generation integer NOT NULL,
    intent jsonb NOT NULL,
    awaited text,
    requested_setup text,
    setup text,
    provider text,
    credential_id text,
    customer_reference text,
    zone text,
    record_sets jsonb NOT NULL,
    template_version integer,
    variables jsonb NOT NULL DEFAULT '{}',
    conflict_policy text NOT NULL,
    reference text,
    group_reference text,
    may_have_written boolean NOT NULL DEFAULT false,
    keep_records boolean NOT NULL DEFAULT false,
    plan_id text,
    plan_made_at timestamptz,
    detection jsonb,
    verdict jsonb,
    removal jsonb,
    next_step_due_at timestamptz,
    progress_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
  )`,
  'CREATE INDEX connection_by_tenant ON connection (tenant_id, id)',
  'CREATE INDEX connection_by_hostname ON connection (tenant_id, hostname)',
  'CREATE INDEX connection_due ON connection (next_step_due_at) WHERE next_step_due_at IS NOT NULL',
  "CREATE INDEX connection_waiting ON connection (application_id) WHERE state = 'awaiting_customer'",
  `CREATE TABLE claim (
    connection_id text PRIMARY KEY,
    tenant_id text NOT NULL,
    hostname text NOT NULL,
    state text NOT NULL CHECK (state IN ('reserved', 'held', 'quarantined', 'released')),
    proven_at timestamptz,
    reserved_until timestamptz,
    quarantined_at timestamptz,
    absent_since timestamptz,
    next_look_at timestamptz
  )`,
  "CREATE UNIQUE INDEX claim_of_tenant ON claim (tenant_id, hostname) WHERE state IN ('reserved', 'held')",
  "CREATE UNIQUE INDEX claim_holder ON claim (hostname) WHERE state IN ('held', 'quarantined')",
  "CREATE INDEX claim_reserved_until ON claim (reserved_until) WHERE state = 'reserved'",
  "CREATE INDEX claim_next_look ON claim (next_look_at) WHERE state = 'quarantined'",
  `CREATE TABLE domain_event (
    connection_id text NOT NULL,
    sequence integer NOT NULL,
    tenant_id text NOT NULL,
    caused_by text NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (connection_id, sequence)
  )`,
  `CREATE TABLE change_plan (
    id text PRIMARY KEY,
    tenant_id text NOT NULL,
    connection_id text NOT NULL,
    generation integer NOT NULL,
    status text NOT NULL,
    projection jsonb,
    refusal jsonb,
    approved_by text,
    approved_at timestamptz,
    as_of timestamptz NOT NULL
  )`,
  'CREATE INDEX change_plan_by_connection ON change_plan (connection_id, id)',
  `CREATE TABLE receipt (
    id text PRIMARY KEY,
    tenant_id text NOT NULL,
    connection_id text NOT NULL,
    generation integer NOT NULL,
    projection jsonb NOT NULL,
    as_of timestamptz NOT NULL
  )`,
  'CREATE INDEX receipt_by_connection ON receipt (connection_id, id)',
  `CREATE TABLE idempotency (
    owner text NOT NULL,
    key text NOT NULL,
    request_hmac bytea NOT NULL,
    answer jsonb,
    started_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner, key)
  )`,
  'CREATE INDEX idempotency_age ON idempotency (started_at)',
  `CREATE TABLE intake_message (
    publisher text NOT NULL,
    message_id text NOT NULL,
    event_id uuid NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (publisher, message_id)
  )`,
  'CREATE INDEX intake_message_age ON intake_message (received_at)',
];

export class First1764000000000 implements MigrationInterface {
  readonly name = 'First1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...tables, ...messagingTables()]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['intake_message', 'idempotency', 'receipt', 'change_plan', 'domain_event', 'claim', 'connection', 'credential', 'api_key', 'application_template', 'application', 'tenant', 'outbox', 'inbox', 'dead_letter']) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}
