import { describe, expect, it } from '@jest/globals';
import { receiptAmended } from '@connect/contracts';
import { newUuid } from '@connect/domain';
import { eventually } from '@connect/testing';
import { aHostname, holds, openWorld, type Account, type GatewayWorld } from './gateway-world.fake.js';
import type { ConnectionView } from './http/views/connection.view.js';

let world: GatewayWorld;
let one: Account;
let two: Account;
openWorld((opened) => ({ world, account: one, stranger: two } = opened));

const wait = { headers: { prefer: 'wait=20' } };
const connect = (account: Account, hostname: string, more: Record<string, unknown> = { credential_id: account.credentialId }) =>
  world.call<ConnectionView & { code: string; detail?: string }>(account.key, 'POST', '/v1/connections', { application_id: account.applicationId, hostname, ...more }, wait);
const remove = (account: Account, id: string) => world.call<ConnectionView>(account.key, 'DELETE', `/v1/connections/${id}`, undefined, wait);
const claimRowOf = async (id: string) => (await world.database.query('SELECT state, proven_at, absent_since FROM gateway.claim WHERE connection_id = $1', [id]))[0];
/** What the last command asked the verifier to see absent. */
const soughtAfter = (id: string): unknown => world.neighbours.commands.filter((command) => command.connection_id === id && command.data['expectation'] === 'absent').at(-1)?.data['record_sets'];
const connectAtOnce = async (hostname: string) => (await world.call<ConnectionView>(one.key, 'POST', '/v1/connections', { application_id: one.applicationId, hostname, credential_id: one.credentialId })).body;
const commandOf = (id: string) => eventually(() => world.neighbours.commands.find((command) => command.connection_id === id) ?? Promise.reject(new Error('none')), { timeoutMs: 5_000, what: 'the command' });
const receiptsOf = async (id: string) => (await world.call<{ items: unknown[] }>(one.key, 'GET', `/v1/connections/${id}/receipts`)).body.items;
const claimOf = async (id: string): Promise<string | undefined> => (await world.database.query<{ state: string }>('SELECT state FROM gateway.claim WHERE connection_id = $1', [id]))[0]?.state;

describe('a hostname', () => {
  it('has one holder, and whoever comes second is told without a name', async () => {
    const hostname = aHostname();
    const first = await connect(one, hostname);

    const second = await connect(two, hostname);

    expect(first.body.state).toBe('live');
    expect(second).toMatchObject({ status: 409, body: { code: 'hostname_claimed' } });
    expect(JSON.stringify(second.body)).not.toMatch(/ten_|con_|app_/);
    expect(await connect(one, hostname)).toMatchObject({ status: 409, body: { code: 'hostname_claimed' } });
  });

  it('is held by one of many that come at the same time', async () => {
    const hostname = aHostname();

    const answers = await Promise.all([one, two, one, two, one, two].map((account) => connect(account, hostname)));

    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409, 409, 409]);
    expect(await world.database.query("SELECT FROM gateway.claim WHERE hostname = $1 AND state = 'held'", [`${hostname}.`])).toHaveLength(1);
  });

  it('that is only reserved blocks no other tenant; who writes first has it', async () => {
    const hostname = aHostname();
    world.neighbours.on('cmd.verify.detect-domain', (command) => world.neighbours.detected(command, {}));
    world.neighbours.on('cmd.verify.watch-connection', (command) => (command.tenant_id === one.tenantId ? undefined : world.neighbours.sees(command, 'published')));
    const reserved = await connect(one, hostname, {});
    expect(await claimOf(reserved.body.id)).toBe('reserved');

    expect((await connect(two, hostname)).body.state).toBe('live');

    const watch = world.neighbours.commands.find((command) => command.connection_id === reserved.body.id && command.type === 'cmd.verify.watch-connection')!;
    await world.neighbours.sees(watch, 'published', { expectation: 'present' });
    await holds('the first one fails', async () => expect((await world.call(one.key, 'GET', `/v1/connections/${reserved.body.id}`)).body).toMatchObject({ state: 'failed', reason: { code: 'hostname_claimed' } }));
  });

  it('is let go when the credential is refused, and held again by the next try', async () => {
    const hostname = aHostname();
    world.neighbours.on('cmd.dns.apply-connection', (command) => (command.tenant_id === one.tenantId ? world.neighbours.refuses(command, 'rejected_credential') : world.neighbours.applied(command)));
    world.neighbours.on('cmd.verify.watch-connection', (command) => (command.tenant_id === one.tenantId ? undefined : world.neighbours.sees(command, 'published')));

    const first = await connect(one, hostname);

    expect([first.body.state, await claimOf(first.body.id)]).toEqual(['awaiting_customer', 'reserved']);
    expect((await connect(two, hostname)).body.state).toBe('live');
    expect(await world.call(one.key, 'POST', `/v1/connections/${first.body.id}/retry`)).toMatchObject({ status: 409, body: { code: 'hostname_claimed' } });
  });

  it('is let go while a plan waits for its approval', async () => {
    const hostname = aHostname();
    world.neighbours.on('cmd.dns.apply-connection', (command) => void world.neighbours.plan(command, 'awaiting_approval', { safe: false }));

    const { body } = await connect(one, hostname);

    expect([body.state, await claimOf(body.id)]).toEqual(['awaiting_approval', 'reserved']);
  });

  it('is let go when its records are to be set by hand, and what was still written takes it again', async () => {
    const hostname = aHostname();
    world.neighbours.on('cmd.dns.apply-connection', (command) => (command.tenant_id === one.tenantId ? undefined : world.neighbours.applied(command)));
    world.neighbours.on('cmd.verify.watch-connection', (command) => (command.tenant_id === one.tenantId ? undefined : world.neighbours.sees(command, 'published')));
    const [first, second] = await Promise.all([hostname, aHostname()].map(connectAtOnce));

    for (const { id } of [first!, second!]) await world.call(one.key, 'POST', `/v1/connections/${id}/update`, { setup_type: 'manual' });
    expect([await claimOf(first!.id), await claimOf(second!.id)]).toEqual(['reserved', 'reserved']);
    expect((await connect(two, hostname)).body.state).toBe('live');

    for (const { id } of [first!, second!]) await world.neighbours.applied(await commandOf(id));
    await holds('who comes second has it not', async () => expect(await receiptsOf(first!.id)).toHaveLength(1));
    await holds('the other has it', async () => expect(await claimOf(second!.id)).toBe('held'));
    expect(await claimOf(first!.id)).toBe('reserved');
  });

  it('that was not proven within an hour is let go, and held again by the write', async () => {
    const hostname = aHostname();
    world.neighbours.on('cmd.dns.apply-connection', (command) => (command.tenant_id === one.tenantId ? undefined : world.neighbours.applied(command)));
    const [first, second] = await Promise.all([hostname, aHostname()].map(connectAtOnce));
    const ids = [first!.id, second!.id];
    await world.database.query("UPDATE gateway.connection SET next_step_due_at = now(), progress_at = now() - interval '59 minutes' WHERE id = ANY($1)", [ids]);
    await holds('they were driven on', async () => expect(world.neighbours.commands.filter(({ connection_id }) => ids.includes(connection_id!))).toHaveLength(4));
    expect(await Promise.all(ids.map(claimOf))).toEqual(['held', 'held']);

    await world.database.query("UPDATE gateway.connection SET next_step_due_at = now(), progress_at = now() - interval '61 minutes' WHERE id = ANY($1)", [ids]);
    await holds('both are let go', async () => expect(await Promise.all(ids.map(claimOf))).toEqual(['reserved', 'reserved']));

    expect((await connect(two, hostname)).body.state).toBe('live');
    for (const id of ids) await world.neighbours.applied(await commandOf(id));
    await holds('who comes second fails', async () => expect((await world.call(one.key, 'GET', `/v1/connections/${ids[0]}`)).body).toMatchObject({ state: 'failed', reason: { code: 'hostname_claimed' } }));
    await holds('the other has it', async () => expect(await claimOf(ids[1]!)).toBe('held'));
  });

  it('is quarantined after its removal: for others, not for the same tenant', async () => {
    const hostname = aHostname();
    const { body } = await connect(one, hostname);
    await remove(one, body.id);
    expect(await claimOf(body.id)).toBe('quarantined');

    expect(await connect(two, hostname)).toMatchObject({ status: 409, body: { code: 'hostname_claimed' } });
    expect((await connect(one, hostname)).body.state).toBe('live');
    expect(await claimOf(body.id)).toBe('released');
  });

  it('leaves the quarantine when its absence was seen twice, 24 hours apart', async () => {
    const hostname = aHostname();
    const { body } = await connect(one, hostname);
    await remove(one, body.id);

    await world.database.query("UPDATE gateway.claim SET absent_since = now() - interval '25 hours', next_look_at = now() WHERE connection_id = $1", [body.id]);

    await holds('the claim has ended', async () => expect(await claimOf(body.id)).toBe('released'));
    expect((await connect(two, hostname)).body.state).toBe('live');
  });

  it('leaves the quarantine after 30 days to whoever writes, and to nobody else', async () => {
    const hostname = aHostname();
    const { body } = await connect(one, hostname);
    await remove(one, body.id);
    await world.database.query("UPDATE gateway.claim SET quarantined_at = now() - interval '31 days', next_look_at = now() + interval '1 day' WHERE connection_id = $1", [body.id]);

    expect(await connect(two, hostname, {})).toMatchObject({ status: 409 });
    expect((await connect(two, hostname)).body.state).toBe('live');
  });

  it('is looked for in quarantine by all its records, not only by what we took away', async () => {
    const records = [{ type: 'CNAME', name: '@', value: 'edge.saas.example' }, { type: 'TXT', name: '_verify', value: 'token' }];
    const { body } = await connect(one, aHostname(), { credential_id: one.credentialId, records });
    const [used, written] = body.records;
    world.neighbours.on('cmd.dns.remove-connection', (command) => world.neighbours.removed(command, { removed: [written!] }));
    await remove(one, body.id);
    expect(await claimRowOf(body.id)).toMatchObject({ state: 'quarantined', absent_since: null });

    await world.database.query('UPDATE gateway.claim SET next_look_at = now() WHERE connection_id = $1', [body.id]);

    await holds('all are looked for', () => expect(soughtAfter(body.id)).toEqual([used, written]));
    await holds('this is the first look at its absence', async () => expect(await claimRowOf(body.id)).toMatchObject({ state: 'quarantined', absent_since: expect.any(Date) }));
  });

  it('is seen absent by the look of a removal that took all its records', async () => {
    const { body } = await connect(one, aHostname());
    world.neighbours.on('cmd.dns.remove-connection', (command) => world.neighbours.removed(command, { removed: body.records }));

    await remove(one, body.id);

    expect(await claimRowOf(body.id)).toMatchObject({ state: 'quarantined', absent_since: expect.any(Date) });
  });

  it('is looked for in quarantine also where its records were kept', async () => {
    const { body } = await connect(one, aHostname());
    world.neighbours.on('cmd.dns.remove-connection', (command) => world.neighbours.removed(command, { removed: [], kept: true }));
    await remove(one, body.id);

    await world.database.query('UPDATE gateway.claim SET next_look_at = now() WHERE connection_id = $1', [body.id]);

    await holds('it is looked for', () => expect(soughtAfter(body.id)).toEqual(body.records));
  });

  it('is not seen absent in quarantine by what the look of the removal still tells', async () => {
    const { body } = await connect(one, aHostname());
    world.neighbours.on('cmd.dns.remove-connection', (command) => world.neighbours.removed(command, { removed: [] }));
    await remove(one, body.id);

    await world.neighbours.sees(world.neighbours.commands.filter((command) => command.connection_id === body.id).at(-1)!, 'absent', { expectation: 'absent' });
    await world.neighbours.say(receiptAmended, { tenant_id: one.tenantId, connection_id: body.id, generation: 1, id: newUuid() }, receiptAmended.golden.data);

    await holds('both facts were taken', async () => expect(await receiptsOf(body.id)).toHaveLength(2));
    expect(await claimRowOf(body.id)).toMatchObject({ state: 'quarantined', absent_since: null });
  });

  it.each(['before', 'after'])('is proven by a write that is told when its records are to be kept, %s the end', async (when) => {
    world.neighbours.on('cmd.dns.apply-connection', () => {});
    const { id } = await connectAtOnce(aHostname());
    const apply = await commandOf(id);
    const tell = async (): Promise<void> => {
      await world.neighbours.applied(apply);
      await holds('the write is told', async () => expect(await receiptsOf(id)).toHaveLength(1));
    };
    world.neighbours.on('cmd.dns.remove-connection', async (command) => {
      if (when === 'before') await tell();
      await world.neighbours.removed(command, { kept: true, removed: [] });
    });

    await world.call(one.key, 'DELETE', `/v1/connections/${id}?keep_records=true`, undefined, wait);
    if (when === 'after') await tell();

    expect(await claimRowOf(id)).toMatchObject({ state: 'quarantined', proven_at: expect.any(Date), absent_since: null });
  });

  it('that nobody proved within 7 days is free', async () => {
    // Nobody sees the records that were to be set by hand.
    world.neighbours.on('cmd.verify.watch-connection', () => {});
    const { body } = await world.call<ConnectionView>(one.key, 'POST', '/v1/connections', { application_id: one.applicationId, hostname: aHostname(), setup_type: 'manual' });
    await world.database.query("UPDATE gateway.claim SET reserved_until = now() - interval '1 second' WHERE connection_id = $1", [body.id]);

    await holds('the reservation has ended', async () => expect(await claimOf(body.id)).toBe('released'));
  });
});

describe('the sweeper', () => {
  it('says again what the bus lost, until it is done', async () => {
    world.neighbours.on('cmd.dns.apply-connection', () => {});
    const { body } = await world.call<ConnectionView>(one.key, 'POST', '/v1/connections', { application_id: one.applicationId, hostname: aHostname(), credential_id: one.credentialId });
    await holds('the first command was lost', () => expect(world.neighbours.of(body.id)).toEqual(['cmd.dns.apply-connection']));
    world.neighbours.behaveWell();

    await world.database.query('UPDATE gateway.connection SET next_step_due_at = now() WHERE id = $1', [body.id]);

    await holds('live', async () => expect((await world.call<ConnectionView>(one.key, 'GET', `/v1/connections/${body.id}`)).body.state).toBe('live'));
    const [lost, again] = world.neighbours.commands.filter((command) => command.connection_id === body.id && command.type === 'cmd.dns.apply-connection');
    expect([again?.generation, again?.step]).toEqual([lost?.generation, lost?.step]);
    expect(again?.id).not.toBe(lost?.id);
  });

  it('parks what stood still, and what is seen after all goes live', async () => {
    world.neighbours.on('cmd.verify.watch-connection', () => {});
    const { body } = await world.call<ConnectionView>(one.key, 'POST', '/v1/connections', { application_id: one.applicationId, hostname: aHostname(), credential_id: one.credentialId });
    const read = async () => (await world.call<ConnectionView>(one.key, 'GET', `/v1/connections/${body.id}`)).body;
    await holds('propagating', async () => expect((await read()).state).toBe('propagating'));

    await world.database.query("UPDATE gateway.connection SET next_step_due_at = now(), progress_at = now() - interval '8 days' WHERE id = $1", [body.id]);
    await holds('stalled', async () => expect((await read()).state).toBe('stalled'));
    await world.neighbours.sees(world.neighbours.commands.filter((command) => command.connection_id === body.id).at(-1)!, 'published', { expectation: 'present' });

    await holds('live', async () => expect((await read()).state).toBe('live'));
  });
});
