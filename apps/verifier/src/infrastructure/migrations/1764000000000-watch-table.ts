import { messagingTables } from '@connect/messaging';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The verifier's own tables: one watch per connection, and what the bus needs. */
export class WatchTable1764000000000 implements MigrationInterface {
  name = 'WatchTable1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of messagingTables()) await runner.query(statement);
    await runner.query(`
      CREATE TABLE watch (
        connection_id text PRIMARY KEY,
        tenant_id text NOT NULL,
        generation integer NOT NULL,
        causation_id uuid NOT NULL,
        -- false after unwatch: the row stays to remember the generation.
        active boolean NOT NULL DEFAULT true,
        expectation text NOT NULL CHECK (expectation IN ('present', 'absent')),
        record_sets jsonb NOT NULL,
        watched_since timestamptz NOT NULL DEFAULT now(),
        dense_since timestamptz,
        next_look_at timestamptz NOT NULL DEFAULT now(),
        claimed_by uuid,
        claimed_until timestamptz,
        verdict text,
        doubted boolean NOT NULL DEFAULT false,
        visible_at_resolvers boolean,
        silences jsonb NOT NULL DEFAULT '{}',
        evidence jsonb,
        looked_at timestamptz
      )`);
    await runner.query('CREATE INDEX watch_due ON watch (next_look_at) WHERE active');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE watch');
    await runner.query('DROP TABLE IF EXISTS outbox, inbox, dead_letter');
  }
}
