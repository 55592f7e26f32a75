import { execFile } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { newUuid } from '@connect/domain';
import { assertAbsent, canary, eventually } from '@connect/testing';
import { aHostname, holds, openWorld, type Account, type GatewayWorld } from './gateway-world.fake.js';

let world: GatewayWorld;
let account: Account;
openWorld((opened) => ({ world, account } = opened));

type Letter = { id: string; service: string; subject: string; code: string; replayed_at: string | null };
const lettersOf = async (query = ''): Promise<Letter[]> => (await world.operator<{ items: Letter[] }>('GET', `/v1/dead-letters${query}`)).body.items;
const replay = (id: string) => world.operator<{ outcome: string; code: string | null }>('POST', `/v1/dead-letters/${id}/replay`);

/** What a replica of an older version left behind: it did not know the message, this one does. */
async function leftBehind(body: unknown): Promise<string> {
  const id = newUuid();
  await world.database.query(
    `INSERT INTO gateway.dead_letter (id, origin, subject, consumer, code, detail, deliveries, headers, body) VALUES ($1, $2, 'domain.connect', 'gateway-connect', 'internal', 'no handler', 20, '{}', $3)`,
    [id, `INTAKE:1:${Date.now()}000000`, JSON.stringify(body)],
  );
  return id;
}

/** `npm run dead-letters`, without npm. */
async function command(...words: string[]): Promise<{ code: number; text: string }> {
  const env = { PATH: process.env['PATH'], INNER_URL: world.inner, OPERATOR_KEY: world.operatorKey };
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', 'scripts/dead-letters.ts', ...words], { env }, (error, stdout, stderr) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, text: stdout + stderr }));
  });
}

describe('dead letters on the inner port', () => {
  it('are listed of all services, and those that do not answer are named', async () => {
    await world.neighbours.publish('domain.connect', '{"half": ');

    const [letter] = await eventually(async () => { const letters = await lettersOf(); return letters.length === 1 && letters; }, { timeoutMs: 10_000, what: 'the letter is there' });

    expect(letter).toMatchObject({ service: 'gateway', subject: 'domain.connect', code: 'malformed_message', replayed_at: null });
    expect((await world.operator('GET', '/v1/dead-letters')).body['unanswered']).toEqual(['credential-vault', 'dns-worker', 'verifier']);
    expect((await world.operator('GET', `/v1/dead-letters/${letter!.id}`)).body).toMatchObject({ id: letter!.id, body: '{"half": ', body_characters: 9 });
    expect((await replay(letter!.id)).body).toMatchObject({ outcome: 'dead', code: 'malformed_message' });
    expect(await world.database.query("SELECT FROM gateway.outbox WHERE subject = 'domain.events.rejected'")).toHaveLength(1);
    expect((await world.operator('DELETE', `/v1/dead-letters/${letter!.id}`)).status).toBe(204);
    expect(await lettersOf()).toEqual([]);
  });

  it('are carried through once by a replay, however often it is asked for', async () => {
    const hostname = aHostname();
    const message = { id: `left-${newUuid()}`, publisher: 'shop', data: { tenant_id: account.tenantId, application_id: account.applicationId, hostname, credential_id: account.credentialId } };
    const id = await leftBehind(message);

    const [first, second] = [await replay(id), await replay(id)];

    expect([first, second]).toMatchObject([{ status: 200, body: { outcome: 'done', service: 'gateway' } }, { status: 200, body: { outcome: 'replayed_before' } }]);
    await holds('it is accepted', () => expect(world.neighbours.events.filter((event) => event.message_id === message.id && event.type === 'accepted')).toHaveLength(1));
    await holds('it goes live', async () => expect(await world.database.query("SELECT FROM gateway.connection WHERE hostname = $1 AND state = 'live'", [`${hostname}.`])).toHaveLength(1));
    expect(await lettersOf()).toEqual([]);
    expect((await lettersOf('?replayed=true')).map((letter) => letter.id)).toContain(id);
  });

  it('that nobody has are not found, or said to be unknown while a service is away', async () => {
    expect((await replay('nonsense')).status).toBe(404);
    expect((await replay(newUuid())).status).toBe(503);
    expect((await world.operator('GET', '/v1/dead-letters', undefined, account.key)).status).toBe(401);
    expect((await world.call(account.key, 'GET', '/v1/dead-letters')).status).toBe(404);
  });
});

describe('npm run dead-letters', () => {
  it('lists, shows, replays and drops, and prints what a message says only when asked to', async () => {
    const token = canary('a-token-that-got-in');
    const id = await leftBehind({ id: 'left-behind', data: { tenant_id: account.tenantId, token: token.value } });

    const [listed, shown, whole, replayed, dropped, again] = [await command('list'), await command('show', id), await command('show', id, '--body'), await command('replay', id), await command('drop', id), await command('drop', id)];

    expect(listed).toEqual({ code: 1, text: expect.stringMatching(new RegExp(`^${id}  .*  gateway  domain.connect  internal: no handler\\nDid not answer.*verifier`)) });
    expect(shown).toEqual({ code: 0, text: expect.stringContaining('"id": "left-behind"') });
    expect(replayed).toEqual({ code: 1, text: expect.stringContaining('still cannot be handled (malformed_message') });
    expect(dropped).toEqual({ code: 0, text: expect.stringContaining('is dropped') });
    expect(again).toMatchObject({ code: 1 });
    expect(whole.text).toContain(token.value);
    for (const { text } of [listed, shown, replayed, dropped, again]) assertAbsent(token, text);
    expect(await command('burn', id)).toEqual({ code: 2, text: expect.stringContaining('Usage') });
  });
});
