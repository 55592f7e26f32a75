import { request } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { openWorld, type Account, type GatewayWorld } from './gateway-world.fake.js';

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
