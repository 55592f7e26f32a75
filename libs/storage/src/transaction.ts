import type { DataSource, EntityManager } from 'typeorm';
import { isConnectError } from '@connect/domain';
import type { Sql } from './sql.js';
import { StorageError, storageErrorOf } from './storage-error.js';

const attempts = 5;
const pauseMs = 5;
const callbacks = new WeakMap<object, (() => void)[]>();

/**
 * What is done with `tx` becomes true together or not at all. Serialization failures and deadlocks (40001, 40P01) are tried again up to five times, so `work` must
 * have no effect besides its statements. Inside, use `tx` only: a second connection of the pool can starve.
 */
export async function transaction<T>(dataSource: DataSource, work: (tx: EntityManager) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(dataSource, work);
    } catch (error) {
      const failure = storageErrorOf(error);
      if (attempt === attempts || !isWorthAnotherTry(failure)) throw failure;
      await new Promise((resolve) => setTimeout(resolve, pauseMs * attempt));
    }
  }
}

/** Calls `callback` after `tx` has committed; never when it rolls back. Returns false when `tx` is not a transaction of {@link transaction}. */
export function afterCommit(tx: Sql, callback: () => void): boolean {
  const known = callbacks.get(tx);
  if (known === undefined) return false;
  known.push(callback);
  return true;
}

async function once<T>(dataSource: DataSource, work: (tx: EntityManager) => Promise<T>): Promise<T> {
  const afterwards: (() => void)[] = [];
  const result = await dataSource.transaction(async (tx) => {
    callbacks.set(tx, afterwards);
    return work(tx);
  });
  for (const callback of new Set(afterwards)) callback();
  return result;
}

function isWorthAnotherTry(failure: unknown): boolean {
  return isConnectError(failure) && failure instanceof StorageError && (failure.sqlState === '40001' || failure.sqlState === '40P01');
}
