import type { CommonConfig } from '@connect/config';
import type { ServiceName } from '@connect/contracts';
import type { Logger } from '@connect/observability';
import { createDataSource, migrate, type DataSourceSettings, type MigrationClass } from '@connect/storage';

export type ServiceDatabase = { schema: string; migrations: MigrationClass[]; entities?: DataSourceSettings['entities'] };

export function dataSourceSettings(service: ServiceName, config: CommonConfig, database: ServiceDatabase, log: Logger): DataSourceSettings {
  return { ...database, url: config.DATABASE_URL, poolSize: config.DATABASE_POOL, applicationName: service, log };
}

/** Brings the service's schema up to date and ends. */
export async function migrateServiceDatabase(
  { service, database }: { service: ServiceName; database: ServiceDatabase },
  config: CommonConfig,
  log: Logger,
): Promise<void> {
  const dataSource = await createDataSource({ ...dataSourceSettings(service, config, database, log), poolSize: 2 }).initialize();
  try {
    log.info({ migrations: await migrate(dataSource) }, 'database migrated');
  } finally {
    await dataSource.destroy();
  }
}
