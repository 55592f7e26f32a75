import type { ClientBase, Pool, QueryConfig, QueryResult } from 'pg';
import { EntityManager } from 'typeorm';
import { StorageError } from './storage-error.js';

/** Names by text: statements are constants of the code, so there are as many as those. */
const names = new Map<string, string>();

/**
 * A statement that Postgres parses and plans once per connection: both sides then spend half the time on it. A pooler between us and Postgres has
 * to know prepared statements (PgBouncer from 1.21).
 */
export function prepared(text: string, values: unknown[]): QueryConfig {
  const name = names.get(text) ?? `s${names.size}`;
  names.set(text, name);
  return { name, text, values };
}

/** The pool behind a manager that is in no transaction; null where the manager is one of TypeORM's own transactions (migrations). */
export function poolBehind(runner: unknown): Pick<Pool, 'query' | 'connect'> | null {
  if (!(runner instanceof EntityManager) || runner.queryRunner !== undefined) return null;
  return (runner.dataSource.driver as unknown as { master: Pool }).master;
}

/** `0A000`: a migration changed what a prepared statement answers with. It is right again as soon as it is not the prepared one. */
export function isStalePlan(error: unknown): boolean {
  const code: unknown = error instanceof StorageError ? error.sqlState : error instanceof Error && 'code' in error ? error.code : null;
  return code === '0A000';
}

/** Runs it prepared, and once more unprepared where its plan is stale. Not for transactions: the failure has ended them. */
export async function runOnce(pool: Pick<ClientBase, 'query'>, text: string, values: unknown[]): Promise<QueryResult> {
  try {
    return await pool.query(prepared(text, values));
  } catch (error) {
    if (!isStalePlan(error)) throw error;
    return pool.query(text, values);
  }
}
