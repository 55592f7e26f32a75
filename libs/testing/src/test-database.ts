import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { startSharedPostgres } from './shared-postgres.js';

export interface TestDatabase {
  /** A superuser's URL of the new database. */
  url: string;
  /** The server's own URL, for roles and for databases beside this one. */
  adminUrl: string;
  name: string;
  /** Runs one statement and returns its rows. */
  query<Row extends pg.QueryResultRow>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /** Drops the database, whoever is still connected. */
  drop(): Promise<void>;
}

/** A new, empty database on the Postgres that this test run shares. Drop it in `afterAll`. */
export async function testDatabase(): Promise<TestDatabase> {
  const adminUrl = await sharedPostgresUrl();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await statement(adminUrl, `CREATE DATABASE ${name}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 2 });
  pool.on('error', () => {}); // the server may end an idle connection when the database is dropped
  return {
    url: url.href,
    adminUrl,
    name,
    query: async <Row extends pg.QueryResultRow>(sql: string, parameters?: unknown[]) => (await pool.query<Row>(sql, parameters)).rows,
    drop: async () => {
      await pool.end();
      await statement(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

let own: Promise<string> | undefined;

/** Of the run's shared server; a process outside jest starts its own, which ends with it. */
export async function sharedPostgresUrl(): Promise<string> {
  const known = process.env['CONNECT_TEST_POSTGRES_URL'];
  if (known !== undefined && known !== '') return known;
  const door = process.env['CONNECT_TEST_POSTGRES_DOOR'];
  own ??= door === undefined ? startSharedPostgres().then(({ adminUrl }) => adminUrl) : askAtTheDoor(door);
  return own;
}

async function askAtTheDoor(door: string): Promise<string> {
  const response = await fetch(door);
  const text = await response.text();
  if (response.ok) return text;
  throw new Error(`No Postgres for tests: ${text}`);
}

async function statement(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
