import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { storageErrorOf } from '@connect/storage';

/**
 * Runs one statement that Postgres parses and plans once per connection, under `name`; TypeORM cannot say a name. Worth it where planning costs
 * more than running. A pooler between us and Postgres has to know prepared statements (PgBouncer from 1.21). Throws StorageError.
 */
export async function prepared<Row>(dataSource: DataSource, statement: { name: string; text: string; values: unknown[] }): Promise<Row[]> {
  const runner = dataSource.createQueryRunner();
  try {
    const client = (await runner.connect()) as PoolClient;
    return (await client.query(statement)).rows as Row[];
  } catch (error) {
    throw storageErrorOf(error);
  } finally {
    await runner.release();
  }
}
