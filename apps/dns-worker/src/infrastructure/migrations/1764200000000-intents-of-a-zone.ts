import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A look asks what was written in its zone since: among the intents of a month, by zone and time. */
export class IntentsOfAZone1764200000000 implements MigrationInterface {
  name = 'IntentsOfAZone1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX write_intent_of_zone ON write_intent (zone_key, recorded_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX write_intent_of_zone');
  }
}
