import { request } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '@connect/contracts';
import { eventually } from '@connect/testing';
import { aHostname, holds, openWorld, type Account, type GatewayWorld } from './gateway-world.fake.js';
import type { ConnectionView } from './http/views/connection.view.js';

let world: GatewayWorld;
let account: Account;
openWorld((opened) => ({ world, account } = opened));

let messages = 0;
const message = (changes: Record<string, unknown> = {}, id = `m-${++messages}`) => ({
  id, publisher: 'shop', data: { tenant_id: account.tenantId, application_id: account.applicationId, hostname: aHostname(), credential_id: account.credentialId, reference: `ref-${id}`, ...changes },
});
const answerTo = (id: string): Promise<DomainEvent> => eventually(() => world.neighbours.events.find((event) => event.message_id === id) ?? false, { timeoutMs: 10_000, what: `the answer to ${id}` });
const eventsAbout = (id: string | null): string[] => world.neighbours.events.filter((event) => event.connection_id === id && event.sequence !== null).map(({ type }) => type);
const rowsOf = (hostname: string) => world.database.query('SELECT FROM gateway.connection WHERE hostname = $1', [`${hostname}.`]);

describe('domain.connect', () => {
  it('is accepted after our commit, goes live, and echoes its reference in every event', async () => {
    const sent = message();

    await world.neighbours.publish('domain.connect', sent);

    const accepted = await answerTo(sent.id);
    expect(accepted).toMatchObject({ type: 'accepted', tenant_id: account.tenantId, reference: sent.data.reference, connection_id: expect.stringMatching(/^con_/) });
    await holds('it is live', () => expect(eventsAbout(accepted.connection_id).sort()).toEqual(['created', 'live', 'planning', 'propagating', 'writing']));
    expect(world.neighbours.events.filter((event) => event.connection_id === accepted.connection_id).every((event) => event.reference === sent.data.reference)).toBe(true);
  });

  it('on the subject of its tenant is the same; of another tenant it is refused', async () => {
    const [right, wrong] = [message(), message()];

    await world.neighbours.publish(`domain.connect.${account.tenantId}`, right);
    await world.neighbours.publish('domain.connect.ten_00000000000000000000000000000000', wrong);

    expect((await answerTo(right.id)).type).toBe('accepted');
    expect(await answerTo(wrong.id)).toMatchObject({ type: 'rejected', code: 'tenant_mismatch' });
  });

  it('sent again by a publisher that saw no answer is answered again and done once', async () => {
    const sent = message();
    await world.neighbours.publish('domain.connect', sent);
    const first = await answerTo(sent.id);

    for (let time = 0; time < 3; time++) await world.neighbours.publish('domain.connect', sent);
    await world.neighbours.publish('domain.connect', message({}, 'marker'));
    await answerTo('marker');

    expect(new Set(world.neighbours.events.filter((event) => event.message_id === sent.id).map(({ id }) => id))).toEqual(new Set([first.id]));
    expect(await rowsOf(sent.data.hostname)).toHaveLength(1);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a hostname that nobody can own', { hostname: 'co.uk' }, 'public_suffix'],
    ['an unknown application', { application_id: 'app_00000000000000000000000000000000' }, 'not_found'],
    ['an unknown tenant', { tenant_id: 'ten_00000000000000000000000000000000' }, 'not_found'],
    ['an unknown field', { hostnam: 'x' }, 'malformed_message'],
    ['an unknown field with U+0000 in its name', { 'hostnam\u0000': 'x' }, 'malformed_message'],
    ['U+0000 in a text', { reference: 'a\u0000b' }, 'malformed_message'],
    ['half of a surrogate pair in a text', { variables: { target: 'a\ud800' } }, 'malformed_message'],
    ['U+0000 in the name of a variable', { variables: { 'a\u0000': 'x' } }, 'malformed_message'],
  ])('with %s is rejected with its findings', async (_what, changes, code) => {
    const sent = message(changes);

    await world.neighbours.publish('domain.connect', sent);

    const answer = await answerTo(sent.id);
    expect(answer).toMatchObject({ type: 'rejected', code, reference: sent.data.reference, connection_id: null });
    expect(answer.findings.length).toBeGreaterThan(0);
  });

  it('that is no JSON is rejected and kept as a dead letter, and the next one is handled', async () => {
    const before = world.neighbours.events.filter(({ type }) => type === 'rejected').length;

    await world.neighbours.publish('domain.connect', '{"id": "x", ');
    const next = message();
    await world.neighbours.publish('domain.connect', next);

    expect((await answerTo(next.id)).type).toBe('accepted');
    await holds('it is told', () => expect(world.neighbours.events.filter(({ type }) => type === 'rejected')).toHaveLength(before + 1));
    await holds('it is kept', async () => expect(await world.database.query("SELECT FROM gateway.dead_letter WHERE code = 'malformed_message' AND body LIKE '{\"id\": \"x\"%'")).toHaveLength(1));
  });

  it('whose own id no database keeps is rejected all the same', async () => {
    const sent = message({ reference: 'id with U+0000' }, 'm\u0000');

    await world.neighbours.publish('domain.connect', sent);

    await holds('it is rejected', () => expect(world.neighbours.events).toContainEqual(expect.objectContaining({ type: 'rejected', message_id: sent.id, reference: sent.data.reference, findings: [expect.objectContaining({ path: 'id' })] })));
    expect(await rowsOf(sent.data.hostname)).toEqual([]);
  });

  it('for a hostname that is held elsewhere is rejected', async () => {
    const first = message();
    await world.neighbours.publish('domain.connect', first);
    await answerTo(first.id);
    const second = message({ hostname: first.data.hostname });

    await world.neighbours.publish('domain.connect', second);

    expect(await answerTo(second.id)).toMatchObject({ type: 'rejected', code: 'hostname_claimed' });
  });
});

describe('domain.disconnect', () => {
  it('takes a connection back by hostname', async () => {
    const sent = message();
    await world.neighbours.publish('domain.connect', sent);
    const { connection_id: id } = await answerTo(sent.id);
    await holds('it is live', () => expect(eventsAbout(id)).toContain('live'));

    await world.neighbours.publish('domain.disconnect', { id: `${sent.id}-end`, publisher: 'shop', data: { tenant_id: account.tenantId, application_id: account.applicationId, hostname: sent.data.hostname } });

    expect(await answerTo(`${sent.id}-end`)).toMatchObject({ type: 'accepted', connection_id: id });
    await holds('it has ended', () => expect(eventsAbout(id)).toContain('archived'));
  });
});

describe('the event stream', () => {
  type Heard = { text: string; status: number; end(): void };
  function listen(id: string, headers: Record<string, string> = {}, base = world.urlOfReplica()): Promise<Heard> {
    return new Promise((resolve, reject) => {
      const call = request(`${base}/v1/connections/${id}/events`, { headers: { authorization: `Bearer ${account.key}`, accept: 'text/event-stream', ...headers } }, (response) => {
        const heard: Heard = { text: '', status: response.statusCode ?? 0, end: () => call.destroy() };
        response.on('data', (chunk: Buffer) => { heard.text += chunk.toString(); });
        response.on('error', () => {});
        resolve(heard);
      });
      call.on('error', reject);
      call.end();
    });
  }
  const idsIn = (heard: Heard): number[] => [...heard.text.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]));

  it('tells what was, then what happens, each once and in order, and goes on after Last-Event-ID', async () => {
    world.neighbours.on('cmd.verify.watch-connection', () => {});
    const { body } = await world.call<ConnectionView>(account.key, 'POST', '/v1/connections', { application_id: account.applicationId, hostname: aHostname(), credential_id: account.credentialId });
    const heard = await listen(body.id);
    await holds('the past and the present are told', () => expect(idsIn(heard)).toEqual([1, 2, 3, 4]));
    const later = await listen(body.id, { 'last-event-id': '3' });

    const watch = await eventually(() => world.neighbours.commands.find((command) => command.connection_id === body.id && command.type === 'cmd.verify.watch-connection') ?? false, { timeoutMs: 5_000, what: 'the watch' });
    await world.neighbours.sees(watch, 'published');

    await holds('all is told', () => expect(idsIn(heard)).toEqual([1, 2, 3, 4, 5]));
    await holds('from the fourth on', () => expect(idsIn(later)).toEqual([4, 5]));
    expect(heard.text).toContain('event: live');
    heard.end();
    later.end();
  });

  it('hears in one replica what happens in another, and so does who waits', async () => {
    await world.startReplica();
    world.neighbours.on('cmd.dns.apply-connection', () => {});
    const { body } = await world.call<ConnectionView>(account.key, 'POST', '/v1/connections', { application_id: account.applicationId, hostname: aHostname(), credential_id: account.credentialId });
    const command = await eventually(() => world.neighbours.commands.find((each) => each.connection_id === body.id) ?? false, { timeoutMs: 5_000, what: 'the command' });
    const heard = await Promise.all([0, 1].map((replica) => listen(body.id, {}, world.urlOfReplica(replica))));
    const waited = Promise.all([0, 1].map((replica) => world.call<ConnectionView>(account.key, 'GET', `/v1/connections/${body.id}`, undefined, { headers: { prefer: 'wait=20' }, base: world.urlOfReplica(replica) })));

    await world.neighbours.applied(command);

    expect((await waited).map(({ body: { state } }) => state)).toEqual(['live', 'live']);
    for (const each of heard) {
      await holds('both hear all', () => expect(idsIn(each)).toEqual([1, 2, 3, 4, 5]));
      each.end();
    }
  });

  it('refuses a Last-Event-ID that is none, and more streams than a tenant may have', async () => {
    const { body } = await world.call<ConnectionView>(account.key, 'POST', '/v1/connections', { application_id: account.applicationId, hostname: aHostname() });
    expect((await listen(body.id, { 'last-event-id': 'x' })).status).toBe(400);

    const streams = await Promise.all(Array.from({ length: 101 }, () => listen(body.id)));

    expect(streams.filter(({ status }) => status === 429)).toHaveLength(1);
    for (const stream of streams) stream.end();
  });
});
