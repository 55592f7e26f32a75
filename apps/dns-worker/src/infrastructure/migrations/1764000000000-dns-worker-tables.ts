import { messagingTables } from '@connect/messaging';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** All that the dns-worker owns: zone work and turns, plans, intents and receipts, the ledger, budgets and freezes. */
export class DnsWorkerTables1764000000000 implements MigrationInterface {
  name = 'DnsWorkerTables1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...messagingTables(), ...tables]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE write_freeze, budget, ledger, receipt, write_intent, change_plan, known_zone, zone_work, zone_turn, connection_generation');
    await runner.query('DROP TABLE outbox, outbox_stream, inbox, dead_letter');
  }
}

const tables = [
  `CREATE TABLE connection_generation (
    connection_id text PRIMARY KEY,
    tenant_id text NOT NULL,
    generation integer NOT NULL
  )`,
  // zone_key: provider and the provider's zone id, over all tenants. A turn that is not given back ends quiet_ms after turn_until.
  `CREATE TABLE zone_turn (
    zone_key text PRIMARY KEY,
    provider text NOT NULL,
    zone_id text NOT NULL,
    apex text NOT NULL,
    fence bigint NOT NULL DEFAULT 0,
    holder text,
    turn_until timestamptz,
    quiet_ms integer NOT NULL,
    not_before timestamptz NOT NULL DEFAULT now()
  ) WITH (fillfactor = 70)`,
  `CREATE TABLE zone_work (
    id uuid PRIMARY KEY,
    connection_id text NOT NULL,
    generation integer NOT NULL,
    step text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('apply', 'remove', 'undo', 'preview', 'check')),
    tenant_id text NOT NULL,
    credential_id text,
    data jsonb NOT NULL,
    causation_id uuid NOT NULL,
    traceparent text,
    lane smallint NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'refused', 'superseded')),
    zone_key text REFERENCES zone_turn,
    due_at timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0,
    alone boolean NOT NULL DEFAULT false,
    doubted boolean NOT NULL DEFAULT false,
    claimed_by text,
    claimed_until timestamptz,
    facts jsonb NOT NULL DEFAULT '[]',
    created_at timestamptz NOT NULL DEFAULT now(),
    settled_at timestamptz,
    CONSTRAINT zone_work_key UNIQUE (connection_id, generation, step)
  ) WITH (fillfactor = 70)`,
  "CREATE INDEX zone_work_due ON zone_work (due_at, zone_key) WHERE state = 'waiting' AND zone_key IS NOT NULL",
  "CREATE INDEX zone_work_of_zone ON zone_work (zone_key) WHERE state = 'waiting' AND zone_key IS NOT NULL",
  "CREATE INDEX zone_work_errand ON zone_work (lane, due_at) WHERE state = 'waiting' AND zone_key IS NULL",
  // asked: `zone:<what the caller named>` or `apex:<name>`.
  `CREATE TABLE known_zone (
    credential_id text NOT NULL,
    asked text NOT NULL,
    zone_key text NOT NULL,
    provider text NOT NULL,
    zone_id text NOT NULL,
    apex text NOT NULL,
    quiet_ms integer NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (credential_id, asked)
  )`,
  `CREATE TABLE change_plan (
    id text PRIMARY KEY,
    tenant_id text NOT NULL,
    connection_id text NOT NULL,
    generation integer NOT NULL,
    kind text NOT NULL,
    hash text NOT NULL,
    projection jsonb NOT NULL,
    plan jsonb NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
  )`,
  'CREATE INDEX change_plan_of_connection ON change_plan (connection_id, made_at)',
  `CREATE TABLE write_intent (
    id uuid PRIMARY KEY,
    zone_key text NOT NULL REFERENCES zone_turn,
    fence bigint NOT NULL,
    work_id uuid NOT NULL REFERENCES zone_work,
    plan_id text NOT NULL REFERENCES change_plan,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'settled', 'nothing_sent', 'absent', 'refused')),
    absent_looks integer NOT NULL DEFAULT 0,
    look_after timestamptz NOT NULL DEFAULT now(),
    recorded_at timestamptz NOT NULL DEFAULT now()
  )`,
  "CREATE INDEX write_intent_open ON write_intent (zone_key) WHERE state = 'open'",
  `CREATE TABLE receipt (
    id text PRIMARY KEY,
    tenant_id text NOT NULL,
    connection_id text NOT NULL,
    plan_id text NOT NULL,
    projection jsonb NOT NULL,
    changes jsonb NOT NULL,
    replaced jsonb NOT NULL,
    undone_at timestamptz,
    applied_at timestamptz NOT NULL DEFAULT now()
  )`,
  'CREATE INDEX receipt_of_connection ON receipt (connection_id, applied_at)',
  // role: `owned` where one of us wrote the value, `used` where it was there before.
  `CREATE TABLE ledger (
    zone_key text NOT NULL,
    owner_name text NOT NULL,
    type text NOT NULL,
    value_key text NOT NULL,
    connection_id text NOT NULL,
    tenant_id text NOT NULL,
    value text NOT NULL,
    role text NOT NULL CHECK (role IN ('owned', 'used')),
    since timestamptz NOT NULL DEFAULT now()
  )`,
  // A value may be longer than an index entry: its digest stands for it.
  'CREATE UNIQUE INDEX ledger_row ON ledger (zone_key, owner_name, type, md5(value_key), connection_id)',
  'CREATE INDEX ledger_of_connection ON ledger (connection_id)',
  `CREATE TABLE budget (
    bucket_key text PRIMARY KEY,
    tokens double precision NOT NULL,
    filled_at timestamptz NOT NULL,
    blocked_until timestamptz
  ) WITH (fillfactor = 50)`,
  `CREATE TABLE write_freeze (
    id text PRIMARY KEY,
    scope text NOT NULL CHECK (scope IN ('installation', 'provider', 'tenant')),
    value text,
    reason text NOT NULL,
    begun_at timestamptz NOT NULL DEFAULT now()
  )`,
];
