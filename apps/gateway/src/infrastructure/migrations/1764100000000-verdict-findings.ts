import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Verdicts say what was found since then; those that were stored before say that nothing was. */
export class VerdictFindings1764100000000 implements MigrationInterface {
  name = 'VerdictFindings1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE connection SET verdict = verdict || '{"findings": []}' WHERE verdict IS NOT NULL AND NOT verdict ? 'findings'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("UPDATE connection SET verdict = verdict - 'findings' WHERE verdict IS NOT NULL");
  }
}
