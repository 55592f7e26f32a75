import type { Logger } from 'typeorm';

/** What storage may say: constant text and fields. */
export type StorageLog = { warn(fields: Record<string, unknown>, text: string): void };

/** TypeORM's own loggers print the parameters of failed statements, which may be secrets; this one says nothing but that a statement was slow or a migration ran. */
export function quietLogger(log: StorageLog | undefined): Logger {
  return {
    logQuery: () => {},
    logQueryError: () => {},
    logQuerySlow: (elapsedMs) => log?.warn({ elapsed_ms: elapsedMs }, 'a statement was slow'),
    logSchemaBuild: () => {},
    logMigration: () => {},
    log: (level, message: unknown) => {
      if (level === 'warn') log?.warn({ kind: typeof message }, 'the database connection had a problem');
    },
  };
}
