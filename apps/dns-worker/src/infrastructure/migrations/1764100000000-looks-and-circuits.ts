import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Looks after a write as work of their own, work that is done in part, circuit breakers that all workers share, and what the deletion of old rows needs. */
export class LooksAndCircuits1764100000000 implements MigrationInterface {
  name = 'LooksAndCircuits1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of forth) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of back) await runner.query(statement);
  }
}

const forth = [
  'ALTER TABLE zone_work DROP CONSTRAINT zone_work_kind_check',
  "ALTER TABLE zone_work ADD CONSTRAINT zone_work_kind_check CHECK (kind IN ('apply', 'remove', 'undo', 'preview', 'check', 'look'))",
  'ALTER TABLE zone_work ADD COLUMN partly boolean NOT NULL DEFAULT false',
  // circuit_key: the provider, and an HMAC of the servers where the credential names them. No row: never opened. probe_at: a probe may be sent from then on.
  `CREATE TABLE provider_circuit (
    circuit_key text PRIMARY KEY,
    provider text NOT NULL,
    state text NOT NULL CHECK (state IN ('closed', 'open', 'half_open')),
    code text NOT NULL,
    since timestamptz NOT NULL,
    probes integer NOT NULL DEFAULT 0,
    probe_at timestamptz NOT NULL
  )`,
  "CREATE INDEX zone_work_ended ON zone_work (settled_at) WHERE state <> 'waiting'",
  "CREATE INDEX write_intent_ended ON write_intent (recorded_at) WHERE state <> 'open'",
  'CREATE INDEX write_intent_of_work ON write_intent (work_id)',
  'CREATE INDEX write_intent_of_plan ON write_intent (plan_id)',
  'CREATE INDEX change_plan_age ON change_plan (made_at)',
  'CREATE INDEX receipt_of_plan ON receipt (plan_id)',
];

const back = [
  'DROP INDEX zone_work_ended, write_intent_ended, write_intent_of_work, write_intent_of_plan, change_plan_age, receipt_of_plan',
  'DROP TABLE provider_circuit',
  'ALTER TABLE zone_work DROP COLUMN partly',
  "DELETE FROM zone_work WHERE kind = 'look'",
  'ALTER TABLE zone_work DROP CONSTRAINT zone_work_kind_check',
  "ALTER TABLE zone_work ADD CONSTRAINT zone_work_kind_check CHECK (kind IN ('apply', 'remove', 'undo', 'preview', 'check'))",
];
