import type { EntityManager } from 'typeorm';
import type { QueryResult } from 'pg';
import { OpenTransaction } from './open-transaction.js';
import { poolBehind, runOnce } from './statement.js';
import { StorageError, storageErrorOf } from './storage-error.js';

/** What runs one statement: a data source's manager, or a transaction of {@link transaction}. */
export type Sql = Pick<EntityManager, 'query'>;

/**
 * A condition that is always true, for a statement of its own whose loss costs nothing but time: its commit does not wait for the disk (`synchronous_commit`). It is on
 * the disk before any later commit is. A crash of Postgres may take back the last half second of such statements, a crash of ours takes none.
 */
export const unsynced = `set_config('synchronous_commit', 'off', true) IS NOT NULL`;

/** Runs one statement and returns its rows, also those of `UPDATE … RETURNING`. Throws {@link StorageError}. */
export async function sql<Row = Record<string, unknown>>(runner: Sql, text: string, parameters: unknown[] = []): Promise<Row[]> {
  return (await run(runner, text, parameters)).rows as Row[];
}

/** Runs one statement and returns how many rows it changed. Throws {@link StorageError}. */
export async function affected(runner: Sql, text: string, parameters: unknown[] = []): Promise<number> {
  return (await run(runner, text, parameters)).rowCount ?? 0;
}

/** Not by TypeORM, which would run each statement unprepared and announce it to nobody: that is half of what a statement costs. */
async function run(runner: Sql, text: string, parameters: unknown[]): Promise<QueryResult> {
  try {
    if (runner instanceof OpenTransaction) return await runner.run(text, parameters);
    const pool = poolBehind(runner);
    if (pool === null) throw new StorageError(null, null, false, 'neither a data source nor a transaction of ours');
    return await runOnce(pool, text, parameters);
  } catch (error) {
    throw storageErrorOf(error);
  }
}
