import type { DataSource } from 'typeorm';
import { secret } from '@connect/domain';
import { createDataSource, migrate } from '@connect/storage';
import { testDatabase, type TestDatabase } from '@connect/testing';
import { dnsWorker } from './dns-worker.module.js';

/** A database with the worker's tables, for specs of what stands in them. */
export type WorkerDatabase = { database: TestDatabase; dataSource: DataSource; close(): Promise<void> };

export async function openWorkerDatabase(): Promise<WorkerDatabase> {
  const database = await testDatabase();
  const dataSource = await createDataSource({ url: secret(database.url), schema: 'dns_worker', migrations: dnsWorker.database.migrations, applicationName: 'test' }).initialize();
  await migrate(dataSource);
  return {
    database, dataSource,
    async close() {
      await dataSource.destroy();
      await database.drop();
    },
  };
}
