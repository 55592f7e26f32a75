import type { Pool, PoolClient, QueryResult } from 'pg';
import type { DataSource } from 'typeorm';
import { ignoreFailure, isConnectError } from '@connect/domain';
import { OpenTransaction } from './open-transaction.js';
import type { Sql } from './sql.js';
import { isStalePlan, poolBehind } from './statement.js';
import { StorageError, storageErrorOf } from './storage-error.js';

const attempts = 5;
const pauseMs = 5;

/**
 * What is done with `tx` becomes true together or not at all; `now` is the database's time. Serialization failures and deadlocks (40001, 40P01) are tried again
 * up to five times, so `work` must have no effect besides its statements. Inside, use `tx` only: a second connection of the pool can starve.
 */
export async function transaction<T>(dataSource: DataSource, work: (tx: Sql, now: Date) => Promise<T>): Promise<T> {
  let prepares = true;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(dataSource, work, prepares);
    } catch (error) {
      const failure = storageErrorOf(error);
      if (isStalePlan(failure)) prepares = false;
      if (attempt === attempts || !isWorthAnotherTry(failure)) throw failure;
      await new Promise((resolve) => setTimeout(resolve, pauseMs * attempt));
    }
  }
}

/** Calls `callback` after `tx` has committed; never when it rolls back. Returns false when `tx` is not a transaction of {@link transaction}. */
export function afterCommit(tx: Sql, callback: () => void): boolean {
  if (!(tx instanceof OpenTransaction)) return false;
  tx.afterwards.add(callback);
  return true;
}

async function once<T>(dataSource: DataSource, work: (tx: Sql, now: Date) => Promise<T>, prepares: boolean): Promise<T> {
  const pool = poolBehind(dataSource.manager);
  if (pool === null) throw new StorageError(null, null, false, 'the data source has no pool');
  const client = await taken(pool);
  let broken: Error | undefined;
  try {
    // One round trip; several statements in one text answer with a list.
    const [, begun] = (await client.query('START TRANSACTION; SELECT now() AS now')) as unknown as QueryResult<{ now: Date }>[];
    const tx = new OpenTransaction(client, begun!.rows[0]!.now, prepares);
    const result = await work(tx, tx.now);
    const { command } = await client.query('COMMIT');
    // A statement that failed has ended the transaction, also where somebody caught its error.
    if (command !== 'COMMIT') throw new StorageError('25P02', null, false, 'rolled back: one of its statements had failed');
    for (const callback of tx.afterwards) callback();
    return result;
  } catch (error) {
    broken = await client.query('ROLLBACK').then(() => undefined, (failure: Error) => failure);
    throw error;
  } finally {
    client.removeListener('error', onError);
    client.release(broken);
  }
}

/** Without a listener the end of a connection would end the process; the statement that runs, or the next one, fails by itself. */
function onError(error: Error): void {
  ignoreFailure(error, 'told by the statement');
}

/**
 * A connection of the pool with a listener from the first moment. Not by the promise of `connect`: the answer to another's statement, which makes the connection ours, and the
 * server's farewell can come in one packet, and the farewell is told before a promise goes on.
 */
function taken(pool: Pick<Pool, 'connect'>): Promise<PoolClient> {
  return new Promise((resolve, reject) => {
    pool.connect((error, client) => {
      client?.on('error', onError);
      if (client === undefined) reject(error ?? new StorageError(null, null, false, 'the pool gave no connection'));
      else resolve(client);
    });
  });
}

function isWorthAnotherTry(failure: unknown): boolean {
  return isConnectError(failure) && failure instanceof StorageError && (failure.sqlState === '40001' || failure.sqlState === '40P01' || isStalePlan(failure));
}
