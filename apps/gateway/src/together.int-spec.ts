import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { verdictReached } from '@connect/contracts';
import { newUuid, secret } from '@connect/domain';
import { createDataSource, sql, transaction } from '@connect/storage';
import { aHostname, holds, openWorld, type Account, type GatewayWorld } from './gateway-world.fake.js';
import type { ConnectionView } from './http/views/connection.view.js';
import { PostgresConnectionStore } from './infrastructure/postgres-connections.store.js';

let world: GatewayWorld;
let account: Account;
let stranger: Account;
openWorld((opened) => ({ world, account, stranger } = opened));

let dataSource: DataSource;
beforeAll(async () => {
  dataSource = await createDataSource({ url: secret(world.database.url), schema: 'gateway', applicationName: 'together', poolSize: 3 }).initialize();
});
afterAll(() => dataSource.destroy());

type Answer = ConnectionView & { code?: string };
const post = (from: Account, body: Record<string, unknown>) => world.call<Answer>(from.key, 'POST', '/v1/connections', { application_id: from.applicationId, ...body });
const commandsTo = (ids: readonly string[]) => world.neighbours.commands.filter((command) => ids.includes(command.connection_id ?? ''));

describe('POSTs that come at the same time', () => {
  it('each have their own answer, claim, event and command', async () => {
    world.neighbours.on('cmd.dns.apply-connection', () => {});
    const shared = aHostname();
    const taken = await post(account, { hostname: aHostname(), credential_id: account.credentialId });

    const answers = await Promise.all([
      ...Array.from({ length: 20 }, () => post(account, { hostname: aHostname(), credential_id: account.credentialId })),
      post(account, { hostname: shared }), post(account, { hostname: shared }), post(stranger, { hostname: shared }),
      post(stranger, { hostname: taken.body.hostname }), post(account, { hostname: aHostname(), application_id: stranger.applicationId }), post(account, { hostname: aHostname(), credential_id: stranger.credentialId }),
    ]);

    expect(answers.slice(0, 20).map(({ status, body }) => [status, body.state])).toEqual(Array(20).fill([202, 'planning']));
    expect(answers.slice(20, 22).map(({ status }) => status).sort()).toEqual([202, 409]);
    expect(answers.slice(22).map(({ status, body }) => [status, body.code])).toEqual([[202, undefined], [409, 'hostname_claimed'], [404, 'not_found'], [404, 'not_found']]);
    const ids = answers.filter(({ status }) => status === 202).map(({ body }) => body.id);
    const stored = await world.database.query<{ state: string; events: string }>(
      `SELECT claim.state, (SELECT string_agg(body->>'type', ',' ORDER BY sequence) FROM gateway.domain_event WHERE connection_id = claim.connection_id) AS events FROM gateway.claim WHERE connection_id = ANY($1)`, [ids],
    );
    expect(stored.map(({ state, events }) => `${state}: ${events}`).sort()).toEqual([...Array<string>(20).fill('held: created,planning'), ...Array<string>(2).fill('reserved: created')]);
    await holds('each has its command, once', () => expect(commandsTo(ids).map(({ connection_id: id }) => id).sort()).toEqual([...ids].sort()));
  });
});

describe('facts that come at the same time', () => {
  it('move each connection once, in its own trace, also where one of them cannot be stored', async () => {
    world.neighbours.on('cmd.verify.watch-connection', () => {});
    const posted = await Promise.all(Array.from({ length: 12 }, () => post(account, { hostname: aHostname(), credential_id: account.credentialId })));
    const ids = posted.map(({ body }) => body.id);
    const watches = (): ReturnType<typeof commandsTo> => commandsTo(ids).filter(({ type }) => type === 'cmd.verify.watch-connection');
    await holds('all are watched', () => expect(watches()).toHaveLength(12));
    const [poisoned, ...sound] = watches();

    // jsonb knows no U+0000, so the database refuses what the schema lets through.
    const golden = verdictReached.golden.data;
    const published = { ...golden, expectation: 'present' as const, projection: { ...golden.projection, verdict: 'published' as const, as_of: new Date().toISOString() } };
    await Promise.all([
      world.neighbours.say(verdictReached, poisoned!, { ...published, projection: { ...published.projection, as_of: '2026-01-01\u0000' } as never }),
      ...sound.flatMap((watch) => [world.neighbours.say(verdictReached, watch, published), world.neighbours.say(verdictReached, watch, published)]),
    ]);

    const livesOf = (): Promise<{ id: string; traceparent: string }[]> => world.database.query("SELECT id::text, traceparent FROM gateway.outbox WHERE subject = 'domain.events.live' AND envelope->>'connection_id' = ANY($1)", [ids]);
    await holds('all but one are live', async () => expect(await livesOf()).toHaveLength(11));
    expect(new Set((await livesOf()).map(({ traceparent }) => traceparent.split('-')[1])).size).toBe(11);
    const states = await world.database.query<{ state: string }>('SELECT state FROM gateway.connection WHERE id = ANY($1) ORDER BY state', [ids]);
    expect(states.map(({ state }) => state)).toEqual([...Array<string>(11).fill('live'), 'propagating']);
  });

  it('leave out the one whose connection somebody else has locked, which is not remembered as taken; alone it waits', async () => {
    world.neighbours.on('cmd.dns.apply-connection', () => {});
    const store = new PostgresConnectionStore(dataSource);
    const [locked, free] = await Promise.all([post(account, { hostname: aHostname() }), post(account, { hostname: aHostname() })]);
    const fact = (id: string, tenantId = account.tenantId) => ({ messageId: newUuid(), tenantId, connectionId: id });
    const facts = [fact(locked.body.id), fact(free.body.id), fact(free.body.id, stranger.tenantId)];
    let release = (): void => {};
    const holder = transaction(dataSource, async (tx) => {
      await store.lock(tx, { tenantId: account.tenantId, applicationId: null }, locked.body.id);
      await new Promise<void>((resolve) => { release = resolve; held(); });
    });
    let held = (): void => {};
    await new Promise<void>((resolve) => { held = resolve; });

    const first = await transaction(dataSource, (tx) => store.lockForFacts(tx, facts, 'leave_out'));
    const alone = transaction(dataSource, (tx) => store.lockForFacts(tx, [facts[0]!], 'wait'));
    await holds('it waits', async () => expect(await world.database.query("SELECT FROM pg_stat_activity WHERE application_name = 'together' AND wait_event_type = 'Lock'")).toHaveLength(1));
    release();
    await holder;

    expect([...first].map(([messageId, { connection, isNew }]) => [messageId, connection.id, isNew])).toEqual([[facts[1]!.messageId, free.body.id, true]]);
    expect((await alone).get(facts[0]!.messageId)).toMatchObject({ isNew: true, connection: { id: locked.body.id } });
    expect((await transaction(dataSource, (tx) => store.lockForFacts(tx, [facts[1]!], 'wait'))).get(facts[1]!.messageId)).toMatchObject({ isNew: false });
    expect(await sql(dataSource.manager, 'SELECT FROM inbox WHERE message_id = ANY($1::uuid[])', [facts.map(({ messageId }) => messageId)])).toHaveLength(2);
  });
});
