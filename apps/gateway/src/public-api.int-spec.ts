import { describe, expect, it } from '@jest/globals';
import { assertAbsent, canary, eventually } from '@connect/testing';
import { aHostname, aToken, holds, openWorld, type Account, type GatewayWorld } from './gateway-world.fake.js';
import type { ConnectionView } from './http/views/connection.view.js';

let world: GatewayWorld;
let account: Account;
let stranger: Account;
openWorld((opened) => ({ world, account, stranger } = opened));

type Problem = { code: string; status: number; request_id: string; detail?: string; errors?: { path: string; message: string }[] };
const problem = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => world.call<Problem>(account.key, method, path, body, { headers });
const connect = (changes: Record<string, unknown>) => problem('POST', '/v1/connections', { application_id: account.applicationId, hostname: aHostname(), ...changes });
const countOf = async (table: string): Promise<number> => Number((await world.database.query<{ count: string }>(`SELECT count(*) FROM gateway.${table}`))[0]!.count);

describe('bad input', () => {
  it.each<[string, Record<string, unknown>, number, string]>([
    ['an unknown application', { application_id: 'app_00000000000000000000000000000000' }, 404, 'not_found'],
    ['an unknown credential', { credential_id: 'cred_00000000000000000000000000000000' }, 404, 'not_found'],
    ['an unknown provider', { provider: 'nobody' }, 422, 'unknown_provider'],
    ['an IP address', { hostname: '192.0.2.1' }, 422, 'hostname_is_ip'],
    ['a URL', { hostname: 'https://shop.example.com/' }, 422, 'not_a_domain'],
    ['a public suffix', { hostname: 'co.uk' }, 422, 'public_suffix'],
    ['a name that is too long', { hostname: `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}.com` }, 422, 'hostname_too_long'],
    ['a bad label', { hostname: '-shop-.example.com' }, 422, 'bad_label'],
    ['an unknown field', { hostnam: 'x' }, 400, 'malformed_request'],
    ['U+0000 in a text', { reference: 'a\u0000b' }, 400, 'malformed_request'],
    ['half of a surrogate pair in a text', { variables: { target: 'a\ud800' } }, 400, 'malformed_request'],
    ['U+0000 in the name of a variable', { variables: { 'a\u0000': 'x' } }, 400, 'malformed_request'],
    ['a wrong type', { hostname: 7 }, 400, 'malformed_request'],
    ['a record that is none', { records: [{ type: 'A', name: '@', value: 'nonsense' }] }, 422, 'record_invalid'],
    ['a record that its variables blow up', { records: [{ type: 'TXT', name: '@', value: '{{v}}'.repeat(819) }], variables: { v: 'é'.repeat(2_048) } }, 422, 'record_invalid'],
    ['a record outside the domain', { records: [{ type: 'A', name: 'www.example.org.', value: '192.0.2.1' }] }, 422, 'name_out_of_zone'],
    ['a missing variable', { records: [{ type: 'CNAME', name: '@', value: '{{target}}' }] }, 422, 'template_variable_missing'],
    ['a CNAME beside others', { records: [{ type: 'CNAME', name: '@', value: 'a.example' }, { type: 'TXT', name: '@', value: 'x' }] }, 422, 'template_conflict'],
  ])('%s is refused and leaves nothing', async (_what, changes, status, code) => {
    const before = await countOf('connection');

    const answer = await connect(changes);

    expect(answer).toMatchObject({ status, body: { status, code } });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body.request_id).toBe(answer.headers.get('x-request-id'));
    expect(await countOf('connection')).toBe(before);
  });

  it('names the fields that are wrong', async () => {
    expect((await connect({ hostname: 7, extra: true })).body.errors).toEqual(expect.arrayContaining([expect.objectContaining({ path: 'hostname' }), expect.objectContaining({ message: expect.stringContaining('extra') })]));
  });

  it('with U+0000 in its address names the part that is wrong', async () => {
    expect(await problem('GET', '/v1/connections/a%00')).toMatchObject({ status: 400, body: { code: 'malformed_request', errors: [{ path: 'id' }] } });
    expect(await problem('GET', '/v1/connections?group_reference=a%00')).toMatchObject({ status: 400, body: { code: 'malformed_request', errors: [{ path: 'group_reference' }] } });
  });

  it('that is no JSON, of another type or too large has a code each', async () => {
    expect(await problem('POST', '/v1/connections', '{')).toMatchObject({ status: 400, body: { code: 'malformed_json' } });
    expect(await problem('POST', '/v1/connections', '{"__proto__": {}}')).toMatchObject({ status: 400, body: { code: 'malformed_json' } });
    expect(await problem('POST', '/v1/connections', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' })).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
    expect(await problem('POST', '/v1/connections', { reference: 'x'.repeat(262_144) })).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
    expect(await problem('POST', '/v1/connections')).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
    expect(await problem('GET', '/v1/nothing')).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await problem('GET', '/v1/connections?limit=1000')).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
    expect(await problem('GET', '/v1/connections?cursor=abc')).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
  });

  it('of a credential names the right form and never repeats the value', async () => {
    const token = canary('provider-key');

    const answer = await problem('POST', `/v1/applications/${account.applicationId}/credentials`, { provider: 'powerdns', token: token.value });

    expect(answer).toMatchObject({ status: 422, body: { code: 'credential_format' } });
    assertAbsent(token, JSON.stringify(answer.body));
    expect(await problem('POST', `/v1/applications/${account.applicationId}/credentials`, { provider: 'nobody', token: 'x' })).toMatchObject({ status: 422, body: { code: 'unknown_provider' } });
    expect(await problem('POST', `/v1/applications/${account.applicationId}/credentials`, { provider: 'squarespace', token: 'x' })).toMatchObject({ status: 422, body: { code: 'unsupported' } });
  });

  it('of an application template is refused when it is given', async () => {
    expect(await problem('POST', '/v1/applications', { name: 'x', record_template: [{ type: 'A', name: '@', value: 'nonsense' }] })).toMatchObject({ status: 422, body: { code: 'record_invalid' } });
  });
});

describe('keys', () => {
  it('are needed, whole and unrevoked', async () => {
    for (const key of [null, 'nonsense', `cd_${'a'.repeat(43)}`]) expect(await world.call(key, 'GET', '/v1/connections')).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    const minted = await world.call<{ id: string; key: string }>(account.key, 'POST', `/v1/applications/${account.applicationId}/keys`, { scopes: ['connections:read'] });
    expect((await world.call(minted.body.key, 'GET', '/v1/connections')).status).toBe(200);

    await world.call(account.key, 'DELETE', `/v1/applications/${account.applicationId}/keys/${minted.body.id}`);

    await holds('the key is refused', async () => expect((await world.call(minted.body.key, 'GET', '/v1/connections')).status).toBe(401));
  });

  it('do what their scopes say and mint no more than they have', async () => {
    const minted = await world.call<{ key: string }>(account.key, 'POST', `/v1/applications/${account.applicationId}/keys`, { scopes: ['connections:read', 'keys:write'] });

    expect(await world.call(minted.body.key, 'POST', '/v1/connections', {})).toMatchObject({ status: 403, body: { code: 'forbidden_scope', detail: expect.stringContaining('connections:write') } });
    expect(await world.call(minted.body.key, 'POST', `/v1/applications/${account.applicationId}/keys`, { scopes: ['connections:write'] })).toMatchObject({ status: 403, body: { code: 'forbidden_scope' } });
    expect((await world.call(minted.body.key, 'POST', `/v1/applications/${account.applicationId}/keys`, { scopes: ['connections:read'] })).status).toBe(201);
  });

  it('mint none that outlives them', async () => {
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
    const later = new Date(Date.now() + 7_200_000).toISOString();
    const minted = await world.call<{ key: string }>(account.key, 'POST', `/v1/applications/${account.applicationId}/keys`, { scopes: ['connections:read', 'keys:write'], expires_at: inAnHour });
    const mint = (changes: Record<string, unknown>) => world.call(minted.body.key, 'POST', `/v1/applications/${account.applicationId}/keys`, { scopes: ['connections:read'], ...changes });

    expect(await mint({})).toMatchObject({ status: 400, body: { code: 'malformed_request', errors: [{ path: 'expires_at', message: expect.stringContaining(inAnHour) }] } });
    expect(await mint({ expires_at: later })).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
    expect(await mint({ expires_at: inAnHour })).toMatchObject({ status: 201, body: { expires_at: inAnHour } });
  });

  it('of one application see that application only', async () => {
    const other = await world.call<{ id: string }>(account.key, 'POST', '/v1/applications', { name: 'other', record_template: [{ type: 'A', name: '@', value: '192.0.2.1' }] });
    const hidden = await world.call<ConnectionView>(account.key, 'POST', '/v1/connections', { application_id: other.body.id, hostname: aHostname() });
    const key = (await world.call<{ key: string }>(account.key, 'POST', `/v1/applications/${account.applicationId}/keys`, { scopes: ['connections:read', 'connections:write', 'applications:write'] })).body.key;

    expect((await world.call(key, 'GET', `/v1/connections/${hidden.body.id}`)).status).toBe(404);
    expect((await world.call(key, 'GET', `/v1/applications/${other.body.id}`)).status).toBe(404);
    expect((await world.call(key, 'POST', '/v1/connections', { application_id: other.body.id, hostname: aHostname() })).status).toBe(404);
    expect((await world.call<{ items: { id: string }[] }>(key, 'GET', '/v1/applications')).body.items.map(({ id }) => id)).toEqual([account.applicationId]);
    expect(await world.call(key, 'POST', '/v1/applications', { name: 'x' })).toMatchObject({ status: 403 });
  });

  it('that are shown once are stored only as a hash', async () => {
    const rows = await world.database.query<{ row: string }>('SELECT to_jsonb(api_key)::text AS row FROM gateway.api_key');

    expect(rows.some(({ row }) => row.includes(account.key))).toBe(false);
  });
});

describe("another tenant's objects", () => {
  it('do not exist, by whatever way they are asked for', async () => {
    const { body } = await world.call<ConnectionView>(stranger.key, 'POST', '/v1/connections', { application_id: stranger.applicationId, hostname: aHostname(), credential_id: stranger.credentialId }, { headers: { prefer: 'wait=20' } });
    const receipt = (await world.call<{ items: { id: string }[] }>(stranger.key, 'GET', `/v1/connections/${body.id}/receipts`)).body.items[0]!.id;
    const ways: [string, string, unknown?][] = [
      ['GET', ''], ['DELETE', ''], ['GET', '/plan'], ['POST', '/plan'], ['POST', '/approve', { plan_id: 'plan_1', hash: 'x' }], ['GET', '/receipts'], ['GET', `/receipts/${receipt}`], ['POST', `/receipts/${receipt}/undo`], ['POST', '/verify'],
      ['POST', '/retry'], ['POST', '/update', {}], ['GET', '/explain'], ['GET', '/evidence'], ['GET', '/events'],
    ];

    for (const [method, path, sent] of ways) expect([method, path, (await world.call(account.key, method, `/v1/connections/${body.id}${path}`, sent)).status]).toEqual([method, path, 404]);
    for (const [method, path, sent] of [['GET', ''], ['PUT', '', { token: aToken() }], ['DELETE', ''], ['POST', '/check']] as const) {
      expect((await world.call(account.key, method, `/v1/applications/${stranger.applicationId}/credentials/${stranger.credentialId}${path}`, sent)).status).toBe(404);
    }
    for (const path of ['', '/keys', '/credentials']) expect((await world.call(account.key, 'GET', `/v1/applications/${stranger.applicationId}${path}`)).status).toBe(404);
    expect((await world.call(account.key, 'POST', '/v1/connections', { application_id: account.applicationId, hostname: aHostname(), credential_id: stranger.credentialId })).status).toBe(404);
    expect((await world.call<ConnectionView>(stranger.key, 'GET', `/v1/connections/${body.id}`)).body).toMatchObject({ state: 'live', generation: 1 });
  });
});

describe('an Idempotency-Key', () => {
  const once = (key: string) => ({ headers: { 'idempotency-key': key } });

  it('gives the same answer and no second effect', async () => {
    const body = { application_id: account.applicationId, hostname: aHostname() };

    const [first, second] = [await world.call<ConnectionView>(account.key, 'POST', '/v1/connections', body, once('k-1')), await world.call<ConnectionView>(account.key, 'POST', '/v1/connections', body, once('k-1'))];

    expect(second).toMatchObject({ status: first.status, body: first.body });
    expect(second.headers.get('location')).toBe(`/v1/connections/${first.body.id}`);
    expect(await world.database.query('SELECT FROM gateway.connection WHERE hostname = $1', [`${body.hostname}.`])).toHaveLength(1);
  });

  it('with another body is a conflict, and of another key is another matter', async () => {
    const path = '/v1/applications';
    await world.call(account.key, 'POST', path, { name: 'one' }, once('k-2'));

    expect(await world.call(account.key, 'POST', path, { name: 'two' }, once('k-2'))).toMatchObject({ status: 409, body: { code: 'idempotency_key_reused' } });
    expect((await world.call(stranger.key, 'POST', path, { name: 'two' }, once('k-2'))).status).toBe(201);
  });

  it('lets one of many at the same time through', async () => {
    const body = { application_id: account.applicationId, hostname: aHostname() };

    const answers = await Promise.all(Array.from({ length: 8 }, () => world.call<ConnectionView & Problem>(account.key, 'POST', '/v1/connections', body, once('k-3'))));

    const accepted = answers.filter(({ status }) => status === 202);
    expect(new Set(accepted.map(({ body: { id } }) => id)).size).toBe(1);
    expect(answers.filter(({ status }) => status !== 202).every(({ body: { code } }) => code === 'in_progress')).toBe(true);
  });

  it('is free again after a request that was refused', async () => {
    const hostname = aHostname();

    expect((await world.call(account.key, 'POST', '/v1/connections', { application_id: account.applicationId, hostname, provider: 'nobody' }, once('k-4'))).status).toBe(422);
    expect((await world.call(account.key, 'POST', '/v1/connections', { application_id: account.applicationId, hostname }, once('k-4'))).status).toBe(202);
  });

  it('never brings a key back', async () => {
    const path = `/v1/applications/${account.applicationId}/keys`;
    const first = await world.call<{ key: string }>(account.key, 'POST', path, { scopes: ['connections:read'] }, once('k-5'));

    expect(await world.call(account.key, 'POST', path, { scopes: ['connections:read'] }, once('k-5'))).toMatchObject({ status: 409, body: { code: 'already_shown' } });
    expect(JSON.stringify(await world.database.query('SELECT to_jsonb(idempotency)::text FROM gateway.idempotency'))).not.toContain(first.body.key);
  });

  it('stores a credential once, and lets it be tried again after the vault was away', async () => {
    const path = `/v1/applications/${account.applicationId}/credentials`;
    const body = { provider: 'powerdns', token: aToken(), check: false };
    world.neighbours.refuseStoring = 'unavailable';
    expect((await world.call(account.key, 'POST', path, body, once('k-6'))).status).toBe(503);
    world.neighbours.refuseStoring = null;

    const [first, second] = [await world.call<{ id: string }>(account.key, 'POST', path, body, once('k-6')), await world.call<{ id: string }>(account.key, 'POST', path, body, once('k-6'))];

    expect(first.status).toBe(201);
    expect(second.body).toEqual(first.body);
  });
});

describe('a stored credential', () => {
  it('leaves the gateway sealed, and is nowhere else', async () => {
    const token = canary('provider-key');
    const before = world.neighbours.sealed.length;

    const stored = await world.call<{ id: string }>(account.key, 'POST', `/v1/applications/${account.applicationId}/credentials`, { provider: 'powerdns', token: aToken(token.value), label: 'the shop' });

    expect(stored).toMatchObject({ status: 201, body: { status: 'stored', fingerprint: '0123456789abcdef', version: 1, label: 'the shop' } });
    expect(world.neighbours.sealed.length).toBe(before + 1);
    await holds('the check is asked for', () => expect(world.neighbours.commands).toContainEqual(expect.objectContaining({ type: 'cmd.dns.check-credential', data: expect.objectContaining({ credential_id: stored.body.id }) })));
    const dump = await Promise.all(['credential', 'idempotency', 'outbox', 'connection'].map((table) => world.database.query(`SELECT to_jsonb(t)::text FROM gateway.${table} t`)));
    for (const text of [JSON.stringify(stored.body), JSON.stringify(dump), world.logLines.join(''), JSON.stringify(world.neighbours.commands)]) assertAbsent(token, text);
  });

  it('is sealed to the new key when the vault has one', async () => {
    world.neighbours.rotate();

    expect((await world.call(account.key, 'POST', `/v1/applications/${account.applicationId}/credentials`, { provider: 'powerdns', token: aToken(), check: false })).status).toBe(201);
    expect(world.neighbours.sealed.at(-1)?.kid).toBe('kid-1-next');
  });

  it('is destroyed at the vault before its row goes', async () => {
    const path = `/v1/applications/${account.applicationId}/credentials`;
    const { body } = await world.call<{ id: string }>(account.key, 'POST', path, { provider: 'powerdns', token: aToken(), check: false });
    world.neighbours.on('cmd.vault.destroy-credential', (command) => world.neighbours.destroyed(command));

    expect((await world.call(account.key, 'DELETE', `${path}/${body.id}`)).status).toBe(202);

    await holds('the row is gone', async () => expect((await world.call(account.key, 'GET', `${path}/${body.id}`)).status).toBe(404));
  });

  it('whose storing was cut short is destroyed', async () => {
    const id = 'cred_000000000000000000000000000000aa';
    await world.database.query(
      `INSERT INTO gateway.credential (id, tenant_id, application_id, provider, version, last_version, status, created_at) VALUES ($1, $2, $3, 'powerdns', 1, 1, 'storing', now() - interval '11 minutes')`,
      [id, account.tenantId, account.applicationId],
    );

    await eventually(() => world.neighbours.commands.find((command) => command.type === 'cmd.vault.destroy-credential' && command.data['credential_id'] === id) ?? false, { timeoutMs: 10_000, what: 'the abandoned credential is destroyed' });
  });
});

describe('lists and documents', () => {
  it('go page by page without losing or repeating one', async () => {
    const own = await world.account();
    for (let index = 0; index < 5; index++) await world.call(own.key, 'POST', '/v1/connections', { application_id: own.applicationId, hostname: aHostname() });
    const seen: string[] = [];
    let cursor: string | null = null;

    do {
      const page: { items: ConnectionView[]; next_cursor: string | null } = (await world.call<{ items: ConnectionView[]; next_cursor: string | null }>(own.key, 'GET', `/v1/connections?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`)).body;
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor;
    } while (cursor !== null);

    expect(new Set(seen).size).toBe(5);
    expect([...seen].sort().reverse()).toEqual(seen);
  });

  it('describe the API from the schemas, with the codes of each route', async () => {
    const { body } = await world.call<{ paths: Record<string, Record<string, { responses: Record<string, { description: string }>; requestBody?: unknown }>> }>(null, 'GET', '/docs-json');

    const post = body.paths['/v1/connections']?.['post'];
    expect(post?.responses['409']?.description).toContain('hostname_claimed');
    expect(JSON.stringify(post?.requestBody)).toContain('hostname');
    expect(Object.keys(body.paths)).toEqual(expect.arrayContaining(['/v1/domains:check', '/v1/connections/{id}/events']));
    expect(Object.keys(body.paths)).not.toContain('/v1/tenants');
  });

  it('explain a connection in sentences', async () => {
    const { body } = await world.call<ConnectionView>(account.key, 'POST', '/v1/connections', { application_id: account.applicationId, hostname: aHostname(), credential_id: account.credentialId }, { headers: { prefer: 'wait=20' } });

    const explained = await world.call<{ sentences: string[]; claim: { state: string } }>(account.key, 'GET', `/v1/connections/${body.id}/explain`);

    expect(explained.body.claim.state).toBe('held');
    expect(explained.body.sentences.join(' ')).toContain('Every name server of the zone shows the expected records.');
  });

  it('say unavailable in time where a neighbour does not answer', async () => {
    expect(await world.call(account.key, 'POST', '/v1/domains:check', { hostname: 'localhost' })).toMatchObject({ status: 422 });
    const { body } = await world.call<ConnectionView>(account.key, 'POST', '/v1/connections', { application_id: account.applicationId, hostname: aHostname() });
    const answer = await world.call(account.key, 'GET', `/v1/connections/${body.id}/evidence`);

    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('the inner port', () => {
  it('wants the operator, and the public port knows nothing of it', async () => {
    expect((await world.operator('GET', '/v1/tenants', undefined, account.key)).status).toBe(401);
    expect((await world.operator('GET', '/v1/tenants', undefined, null)).status).toBe(401);
    expect((await world.operator<{ items: unknown[] }>('GET', '/v1/tenants')).body.items.length).toBeGreaterThan(1);
    expect((await world.call(account.key, 'GET', '/v1/tenants')).status).toBe(404);
    expect((await world.call(account.key, 'GET', '/metrics')).status).toBe(404);
  });

  it('makes another key for a tenant that lost its own', async () => {
    const { body } = await world.operator<{ key: string }>('POST', `/v1/tenants/${account.tenantId}/keys`, {});

    expect((await world.call(body.key, 'GET', '/v1/connections')).status).toBe(200);
  });

  it('says that it is ready', async () => {
    expect((await world.operator('GET', '/readyz', undefined, null)).status).toBe(200);
  });
});
