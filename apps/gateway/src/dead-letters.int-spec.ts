import { describe, expect, it } from '@jest/globals';
import { eventually } from '@connect/testing';
import { newUuid } from '@connect/domain';
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

describe('dead letters on the inner port', () => {
  it('are listed of all services, and those that do not answer are named', async () => {
    await world.neighbours.publish('domain.connect', '{"half": ');

    const [letter] = await eventually(async () => { const letters = await lettersOf(); return letters.length === 1 && letters; }, { timeoutMs: 10_000, what: 'the letter is there' });

    expect(letter).toMatchObject({ service: 'gateway', subject: 'domain.connect', code: 'malformed_message', replayed_at: null });
    expect((await world.operator('GET', '/v1/dead-letters')).body['unanswered']).toEqual(['credential-vault', 'dns-worker', 'verifier']);
    expect((await world.operator('GET', `/v1/dead-letters/${letter!.id}`)).body).toMatchObject({ id: letter!.id, body: '{"half": ', body_characters: 9 });
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
