import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { newUuid, ownerName, recordValue, secret, type RecordSet } from '@connect/domain';
import type { Inbox, Outbox } from '@connect/messaging';
import { createDataSource, migrate, sql } from '@connect/storage';
import { testDatabase, type TestDatabase } from '@connect/testing';
import type { NewWatch } from '../ports/watch-store.port.js';
import { verifier } from '../verifier.module.js';
import { decideTelling } from '../watches/decide-telling.js';
import { PostgresWatchStore } from './postgres-watch.store.js';

let database: TestDatabase;
let dataSource: DataSource;
let store: PostgresWatchStore;
const run = (text: string): Promise<unknown[]> => sql(dataSource.manager, text);

beforeAll(async () => {
  database = await testDatabase();
  dataSource = await createDataSource({ url: secret(database.url), schema: 'verifier', migrations: verifier.database.migrations, applicationName: 'test' }).initialize();
  await migrate(dataSource);
  store = new PostgresWatchStore(dataSource, { firstTime: () => Promise.resolve(true) } as Partial<Inbox> as Inbox, {} as Outbox);
});
beforeEach(() => run('TRUNCATE watch'));
afterAll(async () => {
  await dataSource?.destroy();
  await database?.drop();
});

const set: RecordSet = { ownerName: ownerName('www.shop.test'), type: 'CNAME', ttlSeconds: 60, values: [recordValue('CNAME', 'edge.saas.test.')] };
function watched(connectionId: string, otherwise: Partial<NewWatch> = {}): Promise<void> {
  return store.start(newUuid(), { connectionId, tenantId: 'ten_1', generation: 1, causationId: newUuid(), expectation: 'present', recordSets: [set], isDense: true, ...otherwise });
}

const silences = { 'ns2.shop.test.': { since: '2026-01-01T00:00:00.000Z', looks: 9 } };
async function looked(connectionId: string): Promise<void> {
  await watched(connectionId);
  const [claimed] = await store.claimDue(1);
  await store.settle(claimed!, { verdict: 'published', isDoubted: false, visibleAtResolvers: null, silences, told: [], evidence: null, nextLookInMs: 3_600_000, message: null });
}

describe('the store of watches', () => {
  it('says when the next look is due: now, later, at the end of a claim, or never', async () => {
    expect(await store.nextDueInMs()).toBeNull();

    await watched('con_1');
    expect(await store.nextDueInMs()).toBeLessThanOrEqual(0);

    await store.claimDue(1);
    expect(await store.nextDueInMs()).toBeGreaterThan(25_000);

    await run(`INSERT INTO watch SELECT (jsonb_populate_record(watch, '{"connection_id": "con_2", "claimed_by": null, "claimed_until": null}')).* FROM watch`);
    await run(`UPDATE watch SET next_look_at = now() + interval '10 s' WHERE connection_id = 'con_2'`);
    expect(Math.round((await store.nextDueInMs())! / 1000)).toBe(10);

    await run('UPDATE watch SET active = false');
    expect(await store.nextDueInMs()).toBeNull();
  });

  it('lends each due watch to one taker, oldest first, until his claim runs out', async () => {
    for (const id of ['con_1', 'con_2', 'con_3']) await watched(id);

    const taken = await Promise.all([store.claimDue(2), store.claimDue(2)]);

    expect(taken.flat().map(({ connectionId }) => connectionId).sort()).toEqual(['con_1', 'con_2', 'con_3']);
    expect(await store.claimDue(3)).toEqual([]);
    await run(`UPDATE watch SET claimed_until = now() - interval '1 s' WHERE connection_id = 'con_2'`);
    expect((await store.claimDue(3)).map(({ connectionId }) => connectionId)).toEqual(['con_2']);
  });

  it('remembers how long servers have been silent when the same watch is asked for again, and not when another is', async () => {
    await looked('con_1');
    await watched('con_1', { isDense: false });
    expect(await store.claimDue(1)).toMatchObject([{ silences }]);

    const [removed, changed, ended] = ['con_2', 'con_3', 'con_4'] as const;
    for (const id of [removed, changed, ended]) await looked(id);
    await watched(removed, { expectation: 'absent' });
    await watched(changed, { recordSets: [{ ...set, values: [recordValue('CNAME', 'other.saas.test.')] }] });
    await store.end(newUuid(), ended, 'ten_1', 1);
    await watched(ended);
    expect((await store.claimDue(3)).map((watch) => watch.silences)).toEqual([{}, {}, {}]);
  });

  it('still knows what was published when the same watch is asked for again, so that one look alone confirms no drift; the answer is owed', async () => {
    await looked('con_1');
    await watched('con_1', { isDense: false });
    const [claimed] = await store.claimDue(1);

    expect(decideTelling(claimed!, 'published', [])).toMatchObject({ isTold: true });
    expect(decideTelling(claimed!, 'partial', [])).toMatchObject({ isTold: false, isLookedAtSoon: true, isDoubted: true });
  });
});
