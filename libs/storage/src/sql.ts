import type { EntityManager } from 'typeorm';
import { storageErrorOf } from './storage-error.js';

/** What runs one statement: a data source, its manager, or the manager of a transaction. */
export type Sql = Pick<EntityManager, 'query'>;

/** Runs one statement and returns its rows, also those of `UPDATE … RETURNING`. Throws {@link StorageError}. */
export async function sql<Row = Record<string, unknown>>(runner: Sql, text: string, parameters: unknown[] = []): Promise<Row[]> {
  const [rows] = await run(runner, text, parameters);
  return rows as Row[];
}

/** Runs one statement and returns how many rows it changed. An INSERT counts its rows by itself. Throws {@link StorageError}. */
export async function affected(runner: Sql, text: string, parameters: unknown[] = []): Promise<number> {
  const counting = /^\s*insert\b/i.test(text) && !/\breturning\b/i.test(text) ? `${text} RETURNING 1` : text;
  const [, count] = await run(runner, counting, parameters);
  return count;
}

/** TypeORM returns `[rows, count]` for UPDATE and DELETE, and rows for everything else; a row is never an array. */
async function run(runner: Sql, text: string, parameters: unknown[]): Promise<[rows: unknown[], count: number]> {
  try {
    const result: unknown = await runner.query(text, parameters);
    if (!Array.isArray(result)) return [[], 0];
    const [rows, count] = result as [unknown, unknown];
    return Array.isArray(rows) && result.length === 2 && (typeof count === 'number' || count === null) ? [rows, count ?? 0] : [result, result.length];
  } catch (error) {
    throw storageErrorOf(error);
  }
}
