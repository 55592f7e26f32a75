import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { newUuid } from '@connect/domain';
import { sql } from '@connect/storage';
import { openWorkerDatabase, type WorkerDatabase } from '../worker-database.fake.js';
import { sweepOldRows } from './old-rows.js';

let opened: WorkerDatabase;
let dataSource: DataSource;
const run = (text: string, parameters: unknown[] = []): Promise<unknown[]> => sql(dataSource.manager, text, parameters);
const ids = async (table: string): Promise<string[]> => (await sql<{ id: string }>(dataSource.manager, `SELECT id FROM ${table} ORDER BY id`)).map(({ id }) => id);

beforeAll(async () => {
  opened = await openWorkerDatabase();
  ({ dataSource } = opened);
});
afterAll(() => opened?.close());

type Story = { name: string; days: number; state?: 'waiting' | 'done'; intent?: 'open' | 'settled'; receipt?: boolean };

/** A work with its plan, and what came of it, so many days ago. */
async function story({ name, days, state = 'done', intent = 'settled', receipt = false }: Story): Promise<string> {
  const work = newUuid();
  const at = `now() - interval '${days} days'`;
  await run(
    `INSERT INTO zone_work (id, connection_id, generation, step, kind, tenant_id, data, causation_id, lane, zone_key, state, created_at, settled_at)
     VALUES ($1, $2, 1, 'apply', 'apply', 'ten_1', '{}', $1, 0, 'fake:zone', $3, ${at}, CASE $3 WHEN 'waiting' THEN NULL ELSE ${at} END)`,
    [work, name, state],
  );
  await run(`INSERT INTO change_plan (id, tenant_id, connection_id, generation, kind, hash, projection, plan, made_at) VALUES ($1, 'ten_1', $1, 1, 'apply', '', '{}', '{}', ${at})`, [name]);
  await run(`INSERT INTO write_intent (id, zone_key, fence, work_id, plan_id, state, recorded_at) VALUES ($1, 'fake:zone', 1, $2, $3, $4, ${at})`, [newUuid(), work, name, intent]);
  if (receipt) await run(`INSERT INTO receipt (id, tenant_id, connection_id, plan_id, projection, changes, replaced, applied_at) VALUES ($1, 'ten_1', $1, $1, '{}', '[]', '[]', ${at})`, [name]);
  return work;
}

describe('old rows', () => {
  it('go when they have ended 30 days ago, but for receipts, their plans, and what is open', async () => {
    await run(`INSERT INTO zone_turn (zone_key, provider, zone_id, apex, quiet_ms) VALUES ('fake:zone', 'fake', 'zone', 'example.com.', 0)`);
    await story({ name: 'ended', days: 31 });
    await story({ name: 'written', days: 31, receipt: true });
    const keptWorks = [await story({ name: 'open', days: 31, intent: 'open' }), await story({ name: 'waiting', days: 31, state: 'waiting', intent: 'open' }), await story({ name: 'young', days: 29 })];
    await run(`INSERT INTO budget (bucket_key, tokens, filled_at) VALUES ('old', 1, now() - interval '41 days'), ('young', 1, now() - interval '1 day')`);
    await run(`INSERT INTO provider_circuit (circuit_key, provider, state, code, since, probe_at) VALUES ('closed', 'p', 'closed', 'x', now() - interval '31 days', now()), ('open', 'p', 'open', 'x', now() - interval '31 days', now())`);

    const count = await sweepOldRows(dataSource.manager);

    expect(await ids('zone_work')).toEqual(keptWorks.toSorted());
    expect(await ids('change_plan')).toEqual(['open', 'waiting', 'written', 'young']);
    expect(await ids('receipt')).toEqual(['written']);
    expect(await run('SELECT bucket_key FROM budget')).toEqual([{ bucket_key: 'young' }]);
    expect(await run('SELECT circuit_key FROM provider_circuit')).toEqual([{ circuit_key: 'open' }]);
    expect(count).toBe(7);
    expect(await sweepOldRows(dataSource.manager)).toBe(0);
  });
});
