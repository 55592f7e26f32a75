import { request } from 'node:http';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { aHostname, openWorld, type Account, type GatewayWorld } from './gateway-world.fake.js';

let world: GatewayWorld;
let account: Account;
openWorld((opened) => ({ world, account } = opened));

const methodNotAllowed = { status: 405, body: { status: 405, code: 'method_not_allowed' } };
const allowOf = ({ headers }: { headers: Headers }): string | null => headers.get('allow');

/** With methods that fetch does not send. */
function statusOf(method: string, url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { method, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).once('error', reject).end();
  });
}

describe('a path that is there', () => {
  it.each([
    ['PUT', '/v1/connections', 'GET, HEAD, OPTIONS, POST'],
    ['PATCH', '/v1/connections/con_1?x=/v1/keys', 'DELETE, GET, HEAD, OPTIONS'],
    ['GET', '/v1/connections/con_1/approve', 'OPTIONS, POST'],
    ['GET', '/v1/domains:check', 'OPTIONS, POST'],
    ['DELETE', '/docs-json', 'GET, HEAD, OPTIONS'],
  ])('refuses %s %s and names what it allows', async (method, path, allow) => {
    const answer = await world.call(account.key, method, path);

    expect(answer).toMatchObject(methodNotAllowed);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body['request_id']).toBe(answer.headers.get('x-request-id'));
    expect(allowOf(answer)).toBe(allow);
  });

  it('refuses a method before it reads the body, and without a key', async () => {
    expect(await world.call(null, 'PUT', '/v1/connections', '{', { headers: { 'content-type': 'text/plain' } })).toMatchObject(methodNotAllowed);
    expect(await statusOf('PROPFIND', `${world.urlOfReplica()}/v1/connections`)).toBe(405);
    expect(await statusOf('TRACE', `${world.urlOfReplica()}/v1/connections`)).toBe(405);
  });

  it('tells its methods when asked for options', async () => {
    const answer = await world.call(null, 'OPTIONS', '/v1/connections');

    expect([answer.status, allowOf(answer)]).toEqual([204, 'GET, HEAD, OPTIONS, POST']);
    expect((await world.call(null, 'OPTIONS', '/v1/nothing')).status).toBe(404);
  });

  it('answers HEAD like GET, without a body', async () => {
    expect(await world.call(account.key, 'HEAD', '/v1/connections')).toMatchObject({ status: 200, body: {} });
    expect((await world.call(null, 'HEAD', '/v1/connections')).status).toBe(401);
    expect((await world.call(account.key, 'HEAD', '/v1/connections/con_1')).status).toBe(404);
  });

  it('that has a stream for GET opens none for HEAD', async () => {
    const { body } = await world.call<{ id: string }>(account.key, 'POST', '/v1/connections', { application_id: account.applicationId, hostname: aHostname(), setup_type: 'manual' });

    const answer = await world.call(account.key, 'HEAD', `/v1/connections/${body.id}/events`, undefined, { headers: { accept: 'text/event-stream' } });

    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringContaining('application/json')]);
  });

  it('on the inner port does the same', async () => {
    expect(await world.operator('PUT', '/v1/tenants')).toMatchObject(methodNotAllowed);
    expect(allowOf(await world.operator('PUT', '/v1/tenants'))).toBe('GET, HEAD, OPTIONS, POST');
    expect(allowOf(await world.operator('OPTIONS', '/v1/write-freezes/x', undefined, null))).toBe('DELETE, OPTIONS');
    expect(await world.operator('POST', '/healthz', {}, null)).toMatchObject(methodNotAllowed);
    expect(allowOf(await world.operator('OPTIONS', '/metrics', undefined, null))).toBe('GET, HEAD, OPTIONS');
    expect((await world.operator('HEAD', '/readyz', undefined, null)).status).toBe(200);
    expect(await world.operator('GET', '/nothing', undefined, null)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});

describe('a replica with limits', () => {
  let base: string;
  beforeAll(async () => {
    await world.startReplica(undefined, { RATE_LIMIT_PER_MINUTE: '3', UNKNOWN_KEYS_PER_MINUTE: '2', TRUSTED_PROXIES: '127.0.0.1' });
    base = world.urlOfReplica(1);
  });

  const from = (address: string, key: string | null) => world.call<{ code: string }>(key, 'GET', '/v1/applications', undefined, { base, headers: { 'x-forwarded-for': address } });
  const aKey = async (): Promise<string> => (await world.operator<{ key: string }>('POST', `/v1/tenants/${account.tenantId}/keys`, {})).body.key;

  it('lets each key have its own, tells what is left, and when to come again', async () => {
    const [key, another] = [await aKey(), await aKey()];

    const answers = [await from('192.0.2.1', key), await from('192.0.2.1', key), await from('192.0.2.1', key), await from('192.0.2.1', key)];

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(answers.map(({ headers }) => headers.get('ratelimit'))).toEqual([2, 1, 0, 0].map((left) => expect.stringMatching(new RegExp(`^"key";r=${left};t=\\d+$`))));
    expect(answers[3]!.headers.get('ratelimit-policy')).toBe('"key";q=3;w=60');
    expect(answers[3]!.body.code).toBe('too_many_requests');
    const retryAfter = Number(answers[3]!.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThanOrEqual(1);
    expect(retryAfter).toBeLessThanOrEqual(20);
    expect((await from('192.0.2.1', another)).status).toBe(200);
  });

  it('slows down who guesses keys, and nobody who has one', async () => {
    const [inUse, unseen] = [await aKey(), await aKey()];
    await from('192.0.2.7', inUse);

    const guesses = [await from('192.0.2.7', `cd_${'a'.repeat(43)}`), await from('192.0.2.7', null), await from('192.0.2.7', `cd_${'b'.repeat(43)}`)];

    expect(guesses.map(({ status, body: { code } }) => [status, code])).toEqual([[401, 'unauthenticated'], [401, 'unauthenticated'], [429, 'too_many_requests']]);
    expect(Number(guesses[2]!.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await from('192.0.2.7', unseen)).status).toBe(429);
    expect((await from('192.0.2.7', inUse)).status).toBe(200);
    expect((await from('192.0.2.8', unseen)).status).toBe(200);
  });

  it('describes the budget', async () => {
    const { body } = await world.call<{ info: { description: string }; paths: Record<string, Record<string, { responses: Record<string, { description: string; headers?: object }> }>> }>(null, 'GET', '/docs-json');

    expect(body.info.description).toContain('RateLimit');
    expect(body.info.description).toContain('method_not_allowed');
    expect(body.paths['/v1/applications']?.['get']?.responses['429']).toMatchObject({ description: expect.stringContaining('too_many_requests'), headers: { 'Retry-After': {} } });
  });
});
