import { Module } from '@nestjs/common';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { z } from 'zod';
import { commonConfig, loadConfig } from '@connect/config';
import { messagingTables } from '../messaging-tables.js';
import { runService } from './run-service.js';

/** A service that has nothing but the platform: what an app's main.ts is. run-service.int-spec.ts starts it as a process. */
class First1764000000000 implements MigrationInterface {
  readonly name = 'First1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of messagingTables()) await runner.query(statement);
  }

  async down(): Promise<void> {}
}

@Module({})
class SmallModule {}

await runService(
  { service: 'verifier', config: (env) => loadConfig(z.object(commonConfig), env), database: { schema: 'verifier', migrations: [First1764000000000] }, module: () => SmallModule },
  process.argv.slice(2),
  process.env,
);
