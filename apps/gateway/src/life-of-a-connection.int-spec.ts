import { describe, expect, it } from '@jest/globals';
import { receiptAmended, workRefused, type DataOf, type DomainEvent } from '@connect/contracts';
import { newUuid, secret } from '@connect/domain';
import { createDataSource, sql, transaction } from '@connect/storage';
import { eventually } from '@connect/testing';
import { aHostname, holds, openWorld, type Account, type GatewayWorld } from './gateway-world.fake.js';
import type { ConnectionView } from './http/views/connection.view.js';

let world: GatewayWorld;
let account: Account;
openWorld((opened) => ({ world, account } = opened));

type Events = { items: (DomainEvent & { caused_by: string })[] };
const wait = { headers: { prefer: 'wait=20' } };
const post = (body: Record<string, unknown>, more = wait): ReturnType<typeof world.call<ConnectionView>> => world.call<ConnectionView>(account.key, 'POST', '/v1/connections', { application_id: account.applicationId, hostname: aHostname(), ...body }, more);
const read = async (id: string): Promise<ConnectionView> => (await world.call<ConnectionView>(account.key, 'GET', `/v1/connections/${id}`)).body;
const eventsOf = async (id: string): Promise<Events['items']> => (await world.call<Events>(account.key, 'GET', `/v1/connections/${id}/events?limit=100`)).body.items;
const act = (id: string, action: string, body?: unknown): ReturnType<typeof world.call<ConnectionView>> => world.call<ConnectionView>(account.key, 'POST', `/v1/connections/${id}/${action}`, body, wait);
const reaches = (id: string, state: string): Promise<ConnectionView> => eventually(async () => {
  const connection = await read(id);
  if (connection.state !== state) throw new Error(`is ${connection.state}`);
  return connection;
}, { timeoutMs: 10_000, what: `the connection is ${state}` });

describe('a connection with a credential', () => {
  it('is live after one POST that waits, without detection, and tells each state once', async () => {
    const { status, body } = await post({ credential_id: account.credentialId, reference: 'order-1' });

    expect(status).toBe(202);
    expect(body).toMatchObject({ state: 'live', reason: null, setup_type: 'automatic', provider: 'powerdns' });
    const events = await eventsOf(body.id);
    expect(events.map(({ type }) => type)).toEqual(['created', 'planning', 'writing', 'propagating', 'live']);
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    expect(events.map(({ reference }) => reference)).toEqual(Array(5).fill('order-1'));
    expect(events[0]?.caused_by).toMatch(/^key_/);
    expect(events[4]?.caused_by).toBe('system');
    expect(world.neighbours.of(body.id)).toEqual(['cmd.dns.apply-connection', 'cmd.verify.watch-connection']);
    await holds('the events are on the bus', () => expect(world.neighbours.events.filter((event) => event.connection_id === body.id).map(({ type }) => type).sort()).toEqual(['created', 'live', 'planning', 'propagating', 'writing']));
  });

  it('is taken back: what was written goes, its absence is seen, the watch ends', async () => {
    const { body } = await post({ credential_id: account.credentialId });

    const removed = await world.call<ConnectionView>(account.key, 'DELETE', `/v1/connections/${body.id}`, undefined, wait);

    expect(removed.body).toMatchObject({ state: 'archived', reason: null });
    expect(removed.body.removed).toHaveLength(1);
    expect((await eventsOf(body.id)).map(({ type }) => type).slice(-2)).toEqual(['removing', 'archived']);
    await holds('the watch has ended', () => expect(world.neighbours.of(body.id)).toContain('cmd.verify.unwatch-connection'));
  });

  it('that is removed while it is being written leaves nothing of the older intent behind', async () => {
    world.neighbours.on('cmd.dns.apply-connection', () => {});
    const { body } = await post({ credential_id: account.credentialId }, { headers: {} } as never);
    const apply = await eventually(() => world.neighbours.commands.find((command) => command.connection_id === body.id) ?? Promise.reject(new Error('none')), { timeoutMs: 5_000, what: 'the command' });

    await world.call(account.key, 'DELETE', `/v1/connections/${body.id}`, undefined, wait);
    await world.neighbours.applied(apply);

    await holds('the late fact is history', async () => expect((await world.call<{ items: unknown[] }>(account.key, 'GET', `/v1/connections/${body.id}/receipts`)).body.items).toHaveLength(1));
    expect((await read(body.id)).state).toBe('archived');
  });

  it('takes facts twice and in any order and tells the same', async () => {
    world.neighbours.on('cmd.dns.apply-connection', async (command) => {
      await world.neighbours.applied(command);
      await world.neighbours.plan(command, 'writing');
    });
    world.neighbours.on('cmd.verify.watch-connection', () => {});
    const { body } = await post({ credential_id: account.credentialId }, { headers: {} } as never);
    await reaches(body.id, 'propagating');
    const watch = await eventually(() => world.neighbours.commands.find((command) => command.connection_id === body.id && command.type === 'cmd.verify.watch-connection') ?? Promise.reject(new Error('none')), { timeoutMs: 5_000, what: 'the watch' });

    await world.neighbours.sees(watch, 'published');
    await world.neighbours.sees(watch, 'published');
    await reaches(body.id, 'live');

    expect((await eventsOf(body.id)).map(({ type }) => type)).toEqual(['created', 'planning', 'writing', 'propagating', 'live']);
  });
});

describe('a plan that is not safe', () => {
  it('waits for the approval of the plan that was read, and of no other', async () => {
    world.neighbours.on('cmd.dns.apply-connection', async (command) => {
      if (command.data['approval'] === null) await world.neighbours.plan(command, 'awaiting_approval', { safe: false });
      else await world.neighbours.applied(command);
    });
    const { body } = await post({ credential_id: account.credentialId });
    expect(body).toMatchObject({ state: 'awaiting_approval', reason: { code: 'approval_needed', actor: 'customer' } });
    const { body: plan } = await world.call<{ id: string; status: string; plan: { hash: string } }>(account.key, 'GET', `/v1/connections/${body.id}/plan`);
    expect(plan.status).toBe('awaiting_approval');

    expect((await act(body.id, 'approve', { plan_id: plan.id, hash: 'another' })).body).toMatchObject({ code: 'approval_stale' });
    const approved = await act(body.id, 'approve', { plan_id: plan.id, hash: plan.plan.hash });

    expect(approved.body.state).toBe('live');
    expect((await eventsOf(body.id)).map(({ type }) => type)).toEqual(['created', 'planning', 'awaiting_approval', 'writing', 'propagating', 'live']);
    expect((await act(body.id, 'approve', { plan_id: plan.id, hash: plan.plan.hash })).body).toMatchObject({ code: 'conflict', status: 409 });
  });

  it('whose hour is over is made again instead', async () => {
    world.neighbours.on('cmd.dns.apply-connection', (command) => void world.neighbours.plan(command, 'awaiting_approval', { safe: false, expires_at: new Date(Date.now() - 1_000).toISOString() }));
    const { body } = await post({ credential_id: account.credentialId });
    const plan = (await world.call<{ id: string; plan: { hash: string } }>(account.key, 'GET', `/v1/connections/${body.id}/plan`)).body;

    const refused = await act(body.id, 'approve', { plan_id: plan.id, hash: plan.plan.hash });

    expect(refused).toMatchObject({ status: 409, body: { code: 'approval_stale' } });
    await holds('a new plan waits', async () => expect((await eventsOf(body.id)).map(({ type }) => type)).toEqual(['created', 'planning', 'awaiting_approval', 'planning', 'awaiting_approval']));
  });
});

describe('a connection without a credential', () => {
  it('is detected, waits for the customer and goes live by itself when the records are there', async () => {
    world.neighbours.on('cmd.verify.detect-domain', (command) => void world.neighbours.detected(command, {}));
    world.neighbours.on('cmd.verify.watch-connection', () => {});
    const { body } = await post({});
    expect(body).toMatchObject({ state: 'awaiting_customer', setup_type: 'manual', reason: { code: 'set_records_by_hand' }, detection: { code: 'found' } });

    const watch = await eventually(() => world.neighbours.commands.find((command) => command.connection_id === body.id && command.type === 'cmd.verify.watch-connection') ?? Promise.reject(new Error('none')), { timeoutMs: 5_000, what: 'the watch' });
    await world.neighbours.sees(watch, 'published');

    await reaches(body.id, 'live');
    expect((await eventsOf(body.id)).map(({ type }) => type)).toEqual(['created', 'awaiting_customer', 'propagating', 'live']);
  });

  it('goes on when a covering credential comes', async () => {
    world.neighbours.on('cmd.verify.detect-domain', (command) => void world.neighbours.detected(command, {}));
    world.neighbours.on('cmd.dns.check-credential', (command) => void world.neighbours.checked(command, { valid: true }));
    world.neighbours.on('cmd.verify.watch-connection', (command) => (command.generation === 1 ? undefined : void world.neighbours.sees(command, 'published')));
    const { body } = await post({ customer_reference: 'customer-7' });
    expect(body.state).toBe('awaiting_customer');

    const stored = await world.call<{ id: string }>(account.key, 'POST', `/v1/applications/${account.applicationId}/credentials`, { provider: 'powerdns', token: { url: 'https://dns.example.net', api_key: 'k' }, customer_reference: 'customer-7' });

    expect(await reaches(body.id, 'live')).toMatchObject({ credential_id: stored.body.id, setup_type: 'automatic', generation: 2 });
    expect((await world.call(account.key, 'GET', `/v1/applications/${account.applicationId}/credentials/${stored.body.id}`)).body).toMatchObject({ status: 'valid', report: { zones: [{ apex: 'example.com.' }] } });
  });
});

describe('a covering credential', () => {
  const waiting = async (other: Account): Promise<string> => {
    world.neighbours.on('cmd.verify.detect-domain', (command) => void world.neighbours.detected(command, {}));
    world.neighbours.on('cmd.verify.watch-connection', (command) => (command.generation === 1 ? undefined : void world.neighbours.sees(command, 'published')));
    const { body } = await world.call<ConnectionView>(other.key, 'POST', '/v1/connections', { application_id: other.applicationId, hostname: aHostname(), customer_reference: 'customer-8' }, wait);
    expect(body.state).toBe('awaiting_customer');
    return body.id;
  };
  const stored = async (other: Account): Promise<string> =>
    (await world.call<{ id: string }>(other.key, 'POST', `/v1/applications/${other.applicationId}/credentials`, { provider: 'powerdns', token: { url: 'https://dns.example.net', api_key: 'k' }, customer_reference: 'customer-8' })).body.id;
  const isLive = (other: Account, id: string): Promise<void> => holds('live', async () => expect((await world.call<ConnectionView>(other.key, 'GET', `/v1/connections/${id}`)).body).toMatchObject({ state: 'live', generation: 2 }));

  it('waits for who holds the connection right now', async () => {
    const other = await world.account();
    const id = await waiting(other);
    const somebody = await createDataSource({ url: secret(world.database.url), schema: 'gateway', migrations: [], applicationName: 'somebody' }).initialize();
    try {
      await transaction(somebody, async (tx) => {
        await sql(tx, 'SELECT FROM connection WHERE id = $1 FOR UPDATE', [id]);
        const check = eventually(() => world.neighbours.commands.find((command) => command.type === 'cmd.dns.check-credential' && command.tenant_id === other.tenantId) ?? Promise.reject(new Error('none')), { timeoutMs: 5_000, what: 'the check' });
        const credentialId = await stored(other);
        await world.neighbours.checked(await check, { valid: true });
        await holds('the report waits or was taken', async () => expect(await world.database.query("SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' UNION ALL SELECT FROM gateway.credential WHERE id = $1 AND status = 'valid'", [credentialId])).not.toEqual([]));
      });
    } finally {
      await somebody.destroy();
    }
    await isLive(other, id);
  });

  it('finds its connection among more than a thousand that wait for something else', async () => {
    const other = await world.account();
    const id = await waiting(other);
    await world.database.query(`INSERT INTO gateway.connection SELECT (jsonb_populate_record(connection, jsonb_build_object('id', 'con_' || lpad(number::text, 32, '0'), 'hostname', 'shop.example.net.', 'apex', 'example.net.', 'next_step_due_at', NULL))).*
      FROM gateway.connection, generate_series(1, 1001) AS number WHERE id = $1`, [id]);
    world.neighbours.on('cmd.dns.check-credential', (command) => void world.neighbours.checked(command, { valid: true }));

    await stored(other);

    await isLive(other, id);
    expect(await world.database.query("SELECT DISTINCT state FROM gateway.connection WHERE application_id = $1 AND hostname = 'shop.example.net.'", [other.applicationId])).toEqual([{ state: 'awaiting_customer' }]);
  });

  it.each(['planning', 'writing'] as const)('that came while the old one was at work in %s is tried when the old one is refused', async (state) => {
    const other = await world.account();
    world.neighbours.on('cmd.dns.apply-connection', async (command) => {
      if (command.generation > 1) return world.neighbours.applied(command);
      if (state === 'writing') await world.neighbours.plan(command, 'writing');
    });
    const { body } = await world.call<ConnectionView>(other.key, 'POST', '/v1/connections', { application_id: other.applicationId, hostname: aHostname(), credential_id: other.credentialId });
    await holds(state, async () => expect((await world.call<ConnectionView>(other.key, 'GET', `/v1/connections/${body.id}`)).body.state).toBe(state));
    const apply = await eventually(() => world.neighbours.commands.find((command) => command.connection_id === body.id) ?? Promise.reject(new Error('none')), { timeoutMs: 5_000, what: 'the command' });

    await world.call(other.key, 'PUT', `/v1/applications/${other.applicationId}/credentials/${other.credentialId}`, { token: { url: 'https://dns.example.net', api_key: 'better' }, check: false });
    await world.neighbours.refuses(apply, 'rejected_credential');

    await isLive(other, body.id);
  });

  it('that is refused, too, is not tried for ever', async () => {
    const other = await world.account();
    world.neighbours.on('cmd.dns.apply-connection', (command) => (command.generation > 1 ? world.neighbours.refuses(command, 'rejected_credential') : undefined));
    world.neighbours.on('cmd.verify.watch-connection', () => {});
    const { body } = await world.call<ConnectionView>(other.key, 'POST', '/v1/connections', { application_id: other.applicationId, hostname: aHostname(), credential_id: other.credentialId });
    const apply = await eventually(() => world.neighbours.commands.find((command) => command.connection_id === body.id) ?? Promise.reject(new Error('none')), { timeoutMs: 5_000, what: 'the command' });
    await world.call(other.key, 'PUT', `/v1/applications/${other.applicationId}/credentials/${other.credentialId}`, { token: { url: 'https://dns.example.net', api_key: 'as-bad' }, check: false });

    await world.neighbours.refuses(apply, 'rejected_credential');

    await holds('it waits for the customer', async () => expect((await world.call<ConnectionView>(other.key, 'GET', `/v1/connections/${body.id}`)).body).toMatchObject({ state: 'awaiting_customer', generation: 2, reason: { code: 'rejected_credential' } }));
  });
});

describe('what stands in the way', () => {
  it('of the credential waits for the customer; a new secret and the connection goes on', async () => {
    const other = await world.account();
    world.neighbours.on('cmd.dns.apply-connection', (command) => void (command.generation === 1 ? world.neighbours.refuses(command, 'rejected_credential') : world.neighbours.applied(command)));
    world.neighbours.on('cmd.verify.watch-connection', (command) => (command.generation === 1 ? undefined : void world.neighbours.sees(command, 'published')));
    const { body } = await world.call<ConnectionView>(other.key, 'POST', '/v1/connections', { application_id: other.applicationId, hostname: aHostname(), credential_id: other.credentialId }, wait);
    expect(body).toMatchObject({ state: 'awaiting_customer', reason: { code: 'rejected_credential', actor: 'customer' } });

    const replaced = await world.call(other.key, 'PUT', `/v1/applications/${other.applicationId}/credentials/${other.credentialId}`, { token: { url: 'https://dns.example.net', api_key: 'better' }, check: false });

    expect(replaced.body).toMatchObject({ version: 2, status: 'stored' });
    await holds('live with the new secret', async () => expect((await world.call<ConnectionView>(other.key, 'GET', `/v1/connections/${body.id}`)).body.state).toBe('live'));
  });

  it('of the record fails it, and retry begins anew', async () => {
    world.neighbours.on('cmd.dns.apply-connection', (command) => void (command.generation === 1 ? world.neighbours.refuses(command, 'zone_full') : world.neighbours.applied(command)));
    const { body } = await post({ credential_id: account.credentialId });
    expect(body).toMatchObject({ state: 'failed', reason: { code: 'zone_full' } });

    expect((await act(body.id, 'retry')).body).toMatchObject({ state: 'live', generation: 2 });
  });

  it('of a removal is said, and letting go ends it', async () => {
    world.neighbours.on('cmd.dns.remove-connection', (command) => void (command.data['keep_records'] === true ? world.neighbours.removed(command, { kept: true, removed: [] }) : world.neighbours.refuses(command, 'rejected_credential')));
    const { body } = await post({ credential_id: account.credentialId });
    await world.call(account.key, 'DELETE', `/v1/connections/${body.id}`);
    await holds('the removal is blocked', async () => expect((await read(body.id)).reason).toMatchObject({ code: 'removal_blocked', detail: 'rejected_credential' }));

    const ended = await world.call<ConnectionView>(account.key, 'DELETE', `/v1/connections/${body.id}?keep_records=true`, undefined, wait);

    expect(ended.body.state).toBe('archived');
  });
});

describe('a blocked removal', () => {
  /** A worker which answers a command that it knows with what it said before, under the old id. */
  const blocked = async (other: Account): Promise<string> => {
    const { body } = await world.call<ConnectionView>(other.key, 'POST', '/v1/connections', { application_id: other.applicationId, hostname: aHostname(), credential_id: other.credentialId }, wait);
    const refusalId = newUuid();
    world.neighbours.on('cmd.dns.remove-connection', async (command) => {
      if (command.generation > 2) await world.neighbours.removed(command, {});
      else await world.neighbours.say(workRefused, command, { code: 'rejected_credential', detail: null, of: 'remove' }, refusalId);
    });
    await world.call(other.key, 'DELETE', `/v1/connections/${body.id}`);
    await holds('the removal is blocked', async () => expect((await world.call<ConnectionView>(other.key, 'GET', `/v1/connections/${body.id}`)).body).toMatchObject({ state: 'removing', reason: { code: 'removal_blocked' } }));
    return body.id;
  };
  const isArchived = (other: Account, id: string): Promise<void> => holds('archived', async () => expect((await world.call<ConnectionView>(other.key, 'GET', `/v1/connections/${id}`)).body).toMatchObject({ state: 'archived', generation: 3 }));

  it('goes on when the secret is replaced', async () => {
    const other = await world.account();
    const id = await blocked(other);

    await world.call(other.key, 'PUT', `/v1/applications/${other.applicationId}/credentials/${other.credentialId}`, { token: { url: 'https://dns.example.net', api_key: 'better' }, check: false });

    await isArchived(other, id);
  });

  it('goes on when the credential is good again at a check', async () => {
    const other = await world.account();
    const id = await blocked(other);
    world.neighbours.on('cmd.dns.check-credential', (command) => void world.neighbours.checked(command, { valid: true }));

    await world.call(other.key, 'POST', `/v1/applications/${other.applicationId}/credentials/${other.credentialId}/check`);

    await isArchived(other, id);
  });

  it('is tried again by itself', async () => {
    const other = await world.account();
    const id = await blocked(other);

    await world.database.query('UPDATE gateway.connection SET next_step_due_at = now() WHERE id = $1', [id]);

    await isArchived(other, id);
  });
});

describe('a live connection', () => {
  it('tells drift and repairs it when asked', async () => {
    const { body } = await post({ credential_id: account.credentialId });
    const watch = world.neighbours.commands.find((command) => command.connection_id === body.id && command.type === 'cmd.verify.watch-connection')!;
    await world.neighbours.sees(watch, 'absent', { expectation: 'present' });
    expect((await reaches(body.id, 'drifted')).reason).toMatchObject({ code: 'records_absent' });

    expect((await act(body.id, 'retry')).body).toMatchObject({ state: 'live', generation: 2 });
  });

  it('takes over the newer template of its application only when it is asked to', async () => {
    const { body } = await post({ credential_id: account.credentialId });
    await world.call(account.key, 'PATCH', `/v1/applications/${account.applicationId}`, { record_template: [{ type: 'CNAME', name: '@', value: 'edge2.saas.example' }] });
    expect((await read(body.id)).records[0]?.values).toEqual(['edge.saas.example.']);

    const updated = (await act(body.id, 'update', {})).body;

    expect(updated).toMatchObject({ state: 'live', generation: 2, template_version: 2 });
    expect(updated.records[0]?.values).toEqual(['edge2.saas.example.']);
  });

  it('tells in its receipt what somebody else lost beside the write', async () => {
    const { body } = await post({ credential_id: account.credentialId });
    const path = `/v1/connections/${body.id}/receipts`;
    const { as_of: _, ...receipt } = (await world.call<{ items: (DataOf<typeof receiptAmended>['receipt'] & { as_of: string })[] }>(account.key, 'GET', path)).body.items[0]!;
    const lost = { owner_name: 'example.com.', type: 'TXT', values: ['"theirs"'], put_back: true };

    await world.neighbours.say(receiptAmended, { tenant_id: account.tenantId, connection_id: body.id, generation: 1, id: newUuid() }, { receipt: { ...receipt, foreign_losses: [lost] } });

    await holds('the receipt is amended', async () => expect((await world.call<{ items: unknown[] }>(account.key, 'GET', path)).body.items).toEqual([expect.objectContaining({ id: receipt.id, foreign_losses: [lost] })]));
    expect((await read(body.id)).state).toBe('live');
  });

  it('undoes a write and then waits for a person', async () => {
    const { body } = await post({ credential_id: account.credentialId });
    world.neighbours.on('cmd.dns.undo-receipt', (command) => void world.neighbours.applied(command, { kind: 'undo' }));
    const receipts = await world.call<{ items: { id: string }[] }>(account.key, 'GET', `/v1/connections/${body.id}/receipts`);

    const undone = await act(body.id, `receipts/${receipts.body.items[0]!.id}/undo`);

    expect(undone.body).toMatchObject({ state: 'awaiting_customer', reason: { code: 'records_absent' } });
  });

  it('shows a preview without changing anything', async () => {
    const { body } = await post({ credential_id: account.credentialId });
    world.neighbours.on('cmd.dns.preview-plan', (command) => void world.neighbours.plan(command, 'preview', { id: command.data['plan_id'] as string }));

    const asked = await world.call<{ id: string }>(account.key, 'POST', `/v1/connections/${body.id}/plan`);

    expect(asked).toMatchObject({ status: 202, body: { status: 'pending' } });
    await holds('the preview is there', async () => expect((await world.call(account.key, 'GET', asked.headers.get('location')!)).body).toMatchObject({ id: asked.body.id, status: 'preview' }));
    expect(await read(body.id)).toMatchObject({ state: 'live', sequence: 5, generation: 1 });
  });
});
