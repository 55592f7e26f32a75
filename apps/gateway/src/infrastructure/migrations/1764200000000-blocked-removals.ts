import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A mended credential finds the removals that wait for it. */
export class BlockedRemovals1764200000000 implements MigrationInterface {
  name = 'BlockedRemovals1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query("CREATE INDEX connection_removing ON connection (credential_id) WHERE state = 'removing'");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX connection_removing');
  }
}
