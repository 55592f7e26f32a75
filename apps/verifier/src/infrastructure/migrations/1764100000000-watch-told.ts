import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which findings were told with the last verdict: a new one is told although the verdict stays. */
export class WatchTold1764100000000 implements MigrationInterface {
  name = 'WatchTold1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE watch ADD COLUMN told jsonb NOT NULL DEFAULT '[]'");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE watch DROP COLUMN told');
  }
}
