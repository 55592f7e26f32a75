import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { newUuid, secret } from '@connect/domain';
import { createMetrics } from '@connect/observability';
import { createDataSource, migrate, sql } from '@connect/storage';
import { testDatabase, type TestDatabase } from '@connect/testing';
import { dnsWorker } from '../dns-worker.module.js';
import type { ZoneWork } from '../zone-work/zone-work.js';
import { PostgresErrands } from './postgres-errands.store.js';
import { PostgresLooks } from './postgres-looks.store.js';
import { WorkerMetrics } from './worker-metrics.js';

let database: TestDatabase;
let dataSource: DataSource;
const run = <Row>(text: string, parameters: unknown[] = []): Promise<Row[]> => sql<Row>(dataSource.manager, text, parameters);

const open = (poolSize: number): Promise<DataSource> => createDataSource({ url: secret(database.url), schema: 'dns_worker', migrations: dnsWorker.database.migrations, applicationName: 'test', poolSize }).initialize();

beforeAll(async () => {
  database = await testDatabase();
  const migrating = await open(2);
  await migrate(migrating);
  await migrating.destroy();
  // One connection, so that its counters are told before they are asked for.
  dataSource = await open(1);
  await run(`INSERT INTO zone_turn (zone_key, provider, zone_id, apex, quiet_ms) SELECT 'zone ' || n, 'fake', 'zone ' || n, 'example.com.', 0 FROM generate_series(0, 199) AS n`);
  await run(
    `INSERT INTO zone_work (id, connection_id, generation, step, kind, tenant_id, data, causation_id, lane, zone_key, state, created_at, settled_at)
     SELECT gen_random_uuid(), 'con_' || n, 1, 'apply', 'apply', 'ten_1', '{}', gen_random_uuid(), 0, 'zone ' || n % 200, 'done', now() - n * interval '1 minute', now() - n * interval '1 minute' FROM generate_series(1, 20000) AS n`,
  );
  await run(`INSERT INTO change_plan (id, tenant_id, connection_id, generation, kind, hash, projection, plan) VALUES ('plan', 'ten_1', 'con_1', 1, 'apply', '', '{}', '{}')`);
  await run(`INSERT INTO write_intent (id, zone_key, fence, work_id, plan_id, state, recorded_at) SELECT gen_random_uuid(), zone_key, 1, id, 'plan', 'settled', created_at FROM zone_work`);
  await run('ANALYZE');
});
afterAll(async () => {
  await dataSource?.destroy();
  await database?.drop();
});

async function waiting({ zoneKey = null, dueInMs }: { zoneKey?: string | null; dueInMs: number }): Promise<string> {
  const id = newUuid();
  await run(
    `INSERT INTO zone_work (id, connection_id, generation, step, kind, tenant_id, data, causation_id, lane, zone_key, due_at) VALUES ($1::uuid, $1::uuid::text, 1, 'look', 'look', 'ten_1', '{}', $1::uuid, 0, $2, now() + $3 * interval '1 millisecond')`,
    [id, zoneKey, dueInMs],
  );
  return id;
}

async function wholeReads(): Promise<number> {
  await run('SELECT pg_stat_force_next_flush()');
  const [row] = await run<{ count: number }>(`SELECT sum(seq_scan)::int AS count FROM pg_stat_user_tables WHERE schemaname = 'dns_worker' AND relname IN ('zone_work', 'write_intent')`);
  return row?.count ?? Number.NaN;
}

describe('what is asked all the time, beside the ended work of a month', () => {
  it('reads neither work nor intents from end to end', async () => {
    const lookId = await waiting({ zoneKey: 'zone 1', dueInMs: 5_000 });
    const metrics = createMetrics('spec');
    new WorkerMetrics(metrics, dataSource);
    const costOf = async (ask: () => Promise<unknown>): Promise<number> => {
      const before = await wholeReads();
      await ask();
      return (await wholeReads()) - before;
    };

    expect({
      nextDueInMs: await costOf(() => new PostgresErrands(dataSource).nextDueInMs()),
      since: await costOf(() => new PostgresLooks(dataSource).since({ id: lookId, data: { plans: [] as string[] } } as ZoneWork<'look'>)),
      metrics: await costOf(() => metrics.getSingleMetricAsString('zone_work_oldest_due_seconds')),
    }).toEqual({ nextDueInMs: 0, since: 0, metrics: 0 });
  });

  it('knows when the next thing is due: later, at the end of a zone’s quiet, or never', async () => {
    const errands = new PostgresErrands(dataSource);
    const seconds = async (): Promise<number | null> => { const ms = await errands.nextDueInMs(); return ms === null ? null : Math.round(ms / 1_000); };
    await run(`DELETE FROM zone_work WHERE state = 'waiting'`);
    expect(await seconds()).toBeNull();

    await waiting({ zoneKey: 'zone 1', dueInMs: 40_000 });
    expect(await seconds()).toBe(40);
    await waiting({ dueInMs: 30_000 });
    expect(await seconds()).toBe(30);

    await waiting({ zoneKey: 'zone 2', dueInMs: 0 });
    expect(await seconds()).toBe(30);
    await run(`UPDATE zone_turn SET not_before = now() + interval '20 s' WHERE zone_key = 'zone 2'`);
    expect(await seconds()).toBe(20);
  });
});
