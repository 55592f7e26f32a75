import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { newUuid } from '@connect/domain';
import { sql } from '@connect/storage';
import { openWorkerDatabase, type WorkerDatabase } from '../worker-database.fake.js';
import { PostgresErrands } from './postgres-errands.store.js';

let opened: WorkerDatabase;
let dataSource: DataSource;
let errands: PostgresErrands;

beforeAll(async () => {
  opened = await openWorkerDatabase();
  ({ dataSource } = opened);
  errands = new PostgresErrands(dataSource);
});
beforeEach(() => sql(dataSource.manager, 'DELETE FROM zone_work'));
afterAll(() => opened?.close());

/** Works that search their zones, one a second, by one account. */
async function searching(...hostnames: string[]): Promise<void> {
  for (const [at, hostname] of hostnames.entries()) {
    await sql(
      dataSource.manager,
      `INSERT INTO zone_work (id, connection_id, generation, step, kind, tenant_id, credential_id, data, causation_id, lane, due_at)
       VALUES ($1, $2, 1, 'apply', 'apply', 'ten_1', 'cred_1', jsonb_build_object('hostname', $2::text), $1, 0, now() - interval '1 hour' + $3 * interval '1 s')`,
      [newUuid(), hostname, at],
    );
  }
}
const claimed = async (): Promise<string[]> => (await errands.claim('worker')).map(({ connectionId }) => connectionId).sort();

describe('searches that wait', () => {
  it('are taken together where they are of one domain, since one answer serves them all', async () => {
    const hostnames = Array.from({ length: 60 }, (_, at) => `h${at}.example.com.`);
    await searching(...hostnames);

    expect(await claimed()).toEqual([...hostnames].sort());
    expect(await claimed()).toEqual([]);
  });

  it('are left to other hands beyond a few other domains', async () => {
    await searching(...Array.from({ length: 20 }, (_, at) => `www.shop${at}.test.`));

    const taken = [await claimed(), await claimed(), await claimed(), await claimed()];

    expect(taken.map(({ length }) => length)).toEqual([8, 8, 4, 0]);
    expect(new Set(taken.flat()).size).toBe(20);
  });

  it('are taken whole with the oldest one, also among others', async () => {
    await searching('a.example.com.', ...Array.from({ length: 9 }, (_, at) => `www.shop${at}.test.`), 'b.example.com.', 'example.com.');

    expect(await claimed()).toEqual(expect.arrayContaining(['a.example.com.', 'b.example.com.', 'example.com.']));
  });
});
