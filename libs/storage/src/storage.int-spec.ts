import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { secret } from '@connect/domain';
import { assertAbsent, canary, eventually, testDatabase, type TestDatabase } from '@connect/testing';
import { affected, afterCommit, createDataSource, isUniqueViolation, migrate, sql, StorageError, transaction, unsynced } from './index.js';

class Tables1764000000000 implements MigrationInterface {
  readonly name = 'Tables1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE thing (id int PRIMARY KEY, value text NOT NULL, CONSTRAINT thing_value UNIQUE (value))');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE thing');
  }
}

let database: TestDatabase;
let dataSource: DataSource;
const said: unknown[] = [];

function open(poolSize = 5): Promise<DataSource> {
  const log = { warn: (...rest: unknown[]) => void said.push(rest) };
  return createDataSource({ url: secret(database.url), schema: 'own', migrations: [Tables1764000000000], applicationName: 'storage-spec', poolSize, log }).initialize();
}

beforeAll(async () => {
  database = await testDatabase();
  // As in production: test databases wait for no disk.
  await database.query(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = on', current_database()); END $$`);
  dataSource = await open();
});
afterAll(async () => {
  await dataSource?.destroy();
  await database?.drop();
});

async function failureOf(work: Promise<unknown>): Promise<StorageError> {
  const failure: unknown = await work.then(() => undefined, (error: unknown) => error);
  expect(failure).toBeInstanceOf(StorageError);
  return failure as StorageError;
}

describe('storage', () => {
  it('is migrated once by replicas that start together, in a schema of its own', async () => {
    const replicas = await Promise.all([open(), open(), open()]);

    const ran = await Promise.all(replicas.map(migrate));

    expect(ran.flat()).toEqual(['Tables1764000000000']);
    expect(await database.query("SELECT schemaname FROM pg_tables WHERE tablename = 'thing'")).toEqual([{ schemaname: 'own' }]);
    await Promise.all(replicas.map((replica) => replica.destroy()));
  });

  it('gives the rows of every statement and counts what it changed', async () => {
    expect(await sql(dataSource.manager, 'INSERT INTO thing VALUES (1, $1), (2, $2) RETURNING id', ['a', 'b'])).toEqual([{ id: 1 }, { id: 2 }]);
    expect(await sql(dataSource.manager, 'UPDATE thing SET value = value || $1 RETURNING value', ['!'])).toEqual([{ value: 'a!' }, { value: 'b!' }]);
    expect(await sql(dataSource.manager, 'WITH gone AS (DELETE FROM thing WHERE id = 2 RETURNING id) SELECT id FROM gone')).toEqual([{ id: 2 }]);
    expect(await affected(dataSource.manager, 'INSERT INTO thing VALUES (1, $1), (3, $2) ON CONFLICT DO NOTHING', ['a', 'c'])).toBe(1);
    expect(await affected(dataSource.manager, 'DELETE FROM thing')).toBe(2);
  });

  it('never shows a parameter: neither in an error nor in a log', async () => {
    const hidden = canary('parameter');
    const { value } = hidden;
    await sql(dataSource.manager, 'INSERT INTO thing VALUES (10, $1)', [value]);

    const failures = [
      await failureOf(sql(dataSource.manager, 'INSERT INTO thing VALUES (11, $1)', [value])),
      await failureOf(sql(dataSource.manager, 'SELECT $1::uuid', [value])),
      await failureOf(transaction(dataSource, (tx) => tx.query('INSERT INTO thing VALUES (10, $1)', [value]))),
    ];

    for (const failure of failures) assertAbsent(hidden, JSON.stringify([failure, failure.message, failure.stack, failure.cause, Object.getOwnPropertyNames(failure).map((name) => Reflect.get(failure, name) as unknown)]));
    assertAbsent(hidden, JSON.stringify(said));
    expect(failures.map(({ sqlState }) => sqlState)).toEqual(['23505', '22P02', '23505']);
    expect(isUniqueViolation(failures[0], 'thing_value')).toBe(true);
    expect(isUniqueViolation(failures[0], 'thing_pkey')).toBe(false);
  });

  it('says unavailable when the database ends the connection, and goes on with a new one', async () => {
    const failure = await failureOf(sql(dataSource.manager, 'SELECT pg_terminate_backend(pg_backend_pid())'));

    expect(failure.code).toBe('unavailable');
    expect(await eventually(() => sql(dataSource.manager, 'SELECT 1 AS one'))).toEqual([{ one: 1 }]);
  });

  it('outlives a connection that ends in the moment in which a transaction gets it', async () => {
    const narrow = await open(1);
    const { master } = narrow.driver as unknown as { master: Pool };
    const handedOver = new Promise<void>((resolve) => {
      master.once('acquire', (client) => {
        // The server's farewell comes in the packet that has the answer: by then the transaction that waits has the connection, and knows nothing of it yet.
        client.once('drain', () => client.emit('error', new Error('57P01')));
        master.once('acquire', () => resolve());
      });
    });
    const others = master.query('SELECT 1');

    const waiting = transaction(narrow, async (tx) => sql(tx, 'SELECT 2 AS two'));

    await Promise.all([others, handedOver]);
    expect(await waiting).toEqual([{ two: 2 }]);
    await narrow.destroy();
  });

  it('tries a transaction again after a deadlock', async () => {
    await sql(dataSource.manager, "INSERT INTO thing VALUES (20, 'x'), (21, 'y')");
    let attempts = 0;
    let arrived = 0;
    let open = (): void => {};
    const bothHoldOne = new Promise<void>((resolve) => { open = resolve; });
    const lockBoth = (first: number, second: number): Promise<void> => transaction(dataSource, async (tx) => {
      attempts += 1;
      await sql(tx, 'UPDATE thing SET value = value || $2 WHERE id = $1', [first, '1']);
      arrived += 1;
      if (arrived === 2) open();
      await bothHoldOne;
      await sql(tx, 'UPDATE thing SET value = value || $2 WHERE id = $1', [second, '2']);
    });

    await Promise.all([lockBoth(20, 21), lockBoth(21, 20)]);

    expect(attempts).toBe(3);
  });

  it('gives a transaction the time of the database', async () => {
    const times = await transaction(dataSource, async (tx, now) => [now, (await sql<{ now: Date }>(tx, 'SELECT now() AS now'))[0]?.now]);

    expect(times[0]).toBeInstanceOf(Date);
    expect(times[0]).toEqual(times[1]);
  });

  it('does not wait for the disk where a loss would cost only time, and waits again afterwards', async () => {
    const settingWhile = (condition: string): Promise<{ setting: string }[]> => sql(dataSource.manager, `WITH one AS (SELECT 1 WHERE ${condition}) SELECT current_setting('synchronous_commit') AS setting FROM one`);
    await sql(dataSource.manager, `INSERT INTO thing VALUES (40, 'a')`);

    expect(await settingWhile(unsynced)).toEqual([{ setting: 'off' }]);
    expect(await affected(dataSource.manager, `UPDATE thing SET value = 'b' WHERE id = 40 AND ${unsynced}`)).toBe(1);
    expect(await Promise.all(Array.from({ length: 5 }, () => settingWhile('true')))).toEqual(Array.from({ length: 5 }, () => [{ setting: 'on' }]));
  });

  it('does not say that a transaction was committed when it was not', async () => {
    const failure = await failureOf(transaction(dataSource, async (tx) => {
      await sql(tx, "INSERT INTO thing VALUES (30, 'kept?')");
      await sql(tx, 'SELECT 1 / 0').catch(() => {});
    }));

    expect(failure.sqlState).toBe('25P02');
    expect(await sql(dataSource.manager, 'SELECT 1 FROM thing WHERE id = 30')).toEqual([]);
  });

  it('goes on when a migration changes what a statement answers with', async () => {
    await sql(dataSource.manager, 'CREATE TABLE growing (id int)');
    const read = (): Promise<unknown[]> => sql(dataSource.manager, 'SELECT * FROM growing');
    const readInside = (): Promise<unknown[]> => transaction(dataSource, (tx) => sql(tx, 'SELECT * FROM growing'));
    // On every connection of the pool.
    await Promise.all(Array.from({ length: 5 }, read));
    await Promise.all(Array.from({ length: 5 }, readInside));

    await sql(dataSource.manager, 'ALTER TABLE growing ADD COLUMN more text');
    await sql(dataSource.manager, 'INSERT INTO growing VALUES (1)');

    expect(await Promise.all([read(), read(), readInside(), readInside()])).toEqual(Array.from({ length: 4 }, () => [{ id: 1, more: null }]));
  });

  it('calls back after the commit, once, and not after a rollback', async () => {
    const called: string[] = [];
    const once = (): void => void called.push('committed');

    await transaction(dataSource, async (tx) => {
      afterCommit(tx, once);
      afterCommit(tx, once);
      expect(called).toEqual([]);
    });
    await transaction(dataSource, async (tx) => {
      afterCommit(tx, () => void called.push('rolled back'));
      throw new TypeError('no');
    }).catch(() => {});

    expect(called).toEqual(['committed']);
    expect(afterCommit(dataSource.manager, once)).toBe(false);
  });
});
