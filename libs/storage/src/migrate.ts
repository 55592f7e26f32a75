import { MigrationExecutor, type DataSource } from 'typeorm';
import { storageErrorOf } from './storage-error.js';
import { sql } from './sql.js';

/**
 * Runs the migrations that have not run yet, each in its own transaction, under a session advisory lock: replicas that start together wait for each other.
 * Makes the schema if there is none. Returns the names of those that ran.
 */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  const schema = 'schema' in dataSource.options && typeof dataSource.options.schema === 'string' ? dataSource.options.schema : 'public';
  const runner = dataSource.createQueryRunner();
  const lock = [`connect-domain migrations of ${schema}`];
  try {
    await runner.query('SET statement_timeout = 0');
    await runner.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', lock);
    try {
      // "IF NOT EXISTS" needs the right to create schemas even where there is nothing to create.
      const known = await sql(dataSource.manager, 'SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
      if (known.length === 0) await runner.query(`CREATE SCHEMA "${schema.replaceAll('"', '""')}"`);
      const executor = new MigrationExecutor(dataSource, runner);
      executor.transaction = 'each';
      return (await executor.executePendingMigrations()).map((migration) => migration.name);
    } finally {
      await runner.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', lock);
      await runner.query('RESET statement_timeout');
    }
  } catch (error) {
    throw storageErrorOf(error);
  } finally {
    await runner.release();
  }
}
