import { DataSource, type EntitySchema, type MigrationInterface, type MixedList } from 'typeorm';
import type { Secret } from '@connect/domain';
import { quietLogger, type StorageLog } from './quiet-logger.js';

export type MigrationClass = new () => MigrationInterface;
export type DataSourceSettings = {
  url: Secret<string>;
  /** The service's own schema; it is the search path, so that statements name tables only. */
  schema: string;
  entities?: MixedList<Function | string | EntitySchema>;
  /** Classes, listed: globs find nothing in a bundle. */
  migrations?: MigrationClass[];
  poolSize?: number;
  applicationName: string;
  statementTimeoutMs?: number;
  log?: StorageLog;
};

/** A data source that is not yet initialized. It never prints a statement's parameters. */
export function createDataSource(settings: DataSourceSettings): DataSource {
  const statementTimeoutMs = settings.statementTimeoutMs ?? 10_000;
  return settings.url.open((url) => new DataSource({
    type: 'postgres',
    url,
    schema: settings.schema,
    entities: settings.entities ?? [],
    migrations: settings.migrations ?? [],
    migrationsTableName: 'migration',
    poolSize: settings.poolSize ?? 10,
    applicationName: settings.applicationName,
    connectTimeoutMS: 5_000,
    installExtensions: false,
    uuidExtension: 'pgcrypto',
    synchronize: false,
    logger: quietLogger(settings.log),
    extra: {
      statement_timeout: statementTimeoutMs,
      // A transaction whose process hangs must not hold its locks for ever.
      idle_in_transaction_session_timeout: 60_000,
      options: `-c search_path=${settings.schema}`,
      keepAlive: true,
    },
  }));
}
