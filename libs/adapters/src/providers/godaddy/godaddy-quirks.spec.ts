import { afterEach, describe, expect, it } from '@jest/globals';
import { ownerName } from '@connect/domain';
import { Stage, beforeEachWrite, changeTo, deletion, failing, formRefusal, setOf } from '../../conformance/index.js';
import { scopes } from './credential.js';
import { godaddyWorld, goodKey, goodToken, type GodaddyWorld } from './godaddy-world.fake.js';
import type { FakeDomain, FakeRecord } from './godaddy-records.fake.js';

/** What is odd about GoDaddy, each as a case: credentials, the account's gate, finding and checking, and what both versions share. */
const signal = new AbortController().signal;
const apex = ownerName('example.com.');
const zone = { id: 'example.com', apex };
const www: FakeRecord = { type: 'A', name: 'www', data: '192.0.2.1', ttl: 600 };

let world: GodaddyWorld;
afterEach(() => world.stop());

async function open(records: FakeRecord[] = [], options: Parameters<typeof godaddyWorld>[0] = {}): Promise<{ stage: Stage; domain: FakeDomain }> {
  world = await godaddyWorld({ zones: [{ domain: 'example.com', records }], ...options });
  return { stage: new Stage(world), domain: world.fake.domains.get('example.com')! };
}

const calls = (): string[] => world.fake.requests.map(({ method, path }) => `${method} ${path}`);
const writes = (): string[] => calls().filter((call) => !call.startsWith('GET'));

describe('credentials', () => {
  it.each([['a key with its secret', goodKey, 'sso-key', '/v1/'], ['a personal access token', goodToken, 'Bearer', '/v3/']])('%s opens its own version', async (_, token, scheme, path) => {
    const { stage } = await open([], { token });

    await stage.open().findZone({ hostname: apex, apex, zone: null }, signal);
    await stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.1'], 600));

    expect(world.fake.requests.every((request) => request.path.startsWith(path) && request.headers['authorization'] === `${scheme} ${token}`)).toBe(true);
  });

  it('the fake refuses a key in v3, as they do', async () => {
    await open([], { token: goodKey });

    expect((await fetch(`${world.fake.origin}/v3/domains/domain-names`, { headers: { authorization: `sso-key ${goodKey}` } })).status).toBe(401);
  });

  it.each([`sso-key ${goodKey}`, `Bearer ${goodToken}`, 'gd_pat_', 'gd_pat_fakeAbCdEfGh:0123456789', 'fakeKeyWithoutSecret', 'fakeKey00001:fake:Secret0001'])('%s is not the form', async (token) => {
    const { stage } = await open();

    expect(formRefusal(stage.world.provider, token)).toMatch(/^credential_format: .*key:secret/);
  });
});

describe('the check', () => {
  it('a token with exactly the documented scopes reaches a successful write, and is not wider than needed', async () => {
    const { stage, domain } = await open([], { credential: [{ value: goodToken, scopes: [scopes.read, scopes.write] }] });

    expect(await stage.open().checkCredential('example.com', signal)).toMatchObject({ valid: true, code: null, zones: [zone], may: ['list_zones', 'read_records', 'write_records'], widerThanNeeded: null });
    expect(await stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.1'], 600))).toMatchObject({ status: 'applied' });
    expect(domain.records).toContainEqual(expect.objectContaining({ name: 'www', data: '192.0.2.1' }));
  });

  it('a key is wider than needed, and the narrower recipe is a token', async () => {
    const { stage } = await open([], { token: goodKey });

    expect(await stage.open().checkCredential(null, signal)).toMatchObject({ valid: true, zones: [zone], zonesComplete: true, widerThanNeeded: expect.stringContaining('domains.dns:update') });
  });

  it('the domain itself is never asked for: that answer holds the code to move it away', async () => {
    const { stage } = await open([], { token: goodKey });

    await stage.open().checkCredential('example.com', signal);
    await stage.open().findZone({ hostname: ownerName('www.example.com.'), apex, zone: 'example.com' }, signal);

    expect(calls()).not.toContain('GET /v1/domains/example.com');
  });

  it('a domain of somebody else is no zone of the account', async () => {
    const { stage } = await open();

    expect(await stage.open().checkCredential('example.net', signal)).toMatchObject({ valid: true, code: 'zone_not_found', zones: [], may: ['list_zones'] });
  });
});

describe('403', () => {
  it.each([['a key', goodKey], ['a token', goodToken]])('an account below the gate, with %s: the remedy, and Domain Connect as the other way', async (_, value) => {
    const { stage } = await open([], { token: value, credential: [{ value, eligible: false }] });

    const finding = await stage.open().checkCredential('example.com', signal);

    expect(finding).toMatchObject({ valid: true, code: 'account_not_eligible', detail: expect.stringMatching(/tier of the account.*Domain Connect/), may: [] });
    expect(await failing(stage.open().findZone({ hostname: apex, apex, zone: null }, signal))).toMatchObject({ code: 'account_not_eligible', detail: finding.detail });
  });

  it('a token that may only read shows it at the first write, by the scope that it lacks', async () => {
    const { stage } = await open([], { credential: [{ value: goodToken, scopes: [scopes.read] }] });

    expect(await failing(stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.1'], 600)))).toMatchObject({ code: 'missing_permission', detail: expect.stringContaining(scopes.write) });
    expect(await stage.open().checkCredential('example.com', signal)).toMatchObject({ valid: true, detail: expect.stringContaining(scopes.write) });
  });

  it('a token that may not read: the account or the scope, and both are named', async () => {
    const { stage } = await open([], { credential: [{ value: goodToken, scopes: [scopes.write] }] });

    expect(await stage.open().checkCredential(null, signal)).toMatchObject({ valid: true, code: 'account_not_eligible', detail: expect.stringContaining(scopes.read) });
  });
});

describe('zones', () => {
  const elsewhere = { domain: 'example.com', nameServers: ['ns1.other.example', 'ns2.other.example'] };

  it.each([goodKey, goodToken])('a domain that is served elsewhere has no zone here, and is told from one of somebody else: %#', async (token) => {
    const { stage } = await open([], { token, zones: [elsewhere] });

    expect(await failing(stage.open().getRecordSets(zone, 'all', signal))).toMatchObject({ code: 'zone_not_writable', detail: expect.stringContaining('name servers') });
    expect(await stage.open().checkCredential('example.com', signal)).toMatchObject({ valid: true, code: 'zone_not_writable', zones: [zone], may: ['list_zones'] });
    expect(await failing(stage.open().getRecordSets({ id: 'example.net', apex: ownerName('example.net.') }, 'all', signal))).toMatchObject({ code: 'zone_not_found', detail: expect.any(String) });
  });

  it.each([goodKey, goodToken])('the longest name wins, domains that are not active are left out, and a zone that is named is checked: %#', async (token) => {
    const { stage } = await open([], { token, zones: [{ domain: 'example.com' }, { domain: 'shop.example.com' }, { domain: 'old.shop.example.com', status: 'CANCELLED' }] });
    const find = (hostname: string, named: string | null): Promise<unknown> => stage.open().findZone({ hostname: ownerName(hostname), apex, zone: named }, signal);

    expect(await find('a.old.shop.example.com', null)).toEqual({ id: 'shop.example.com', apex: 'shop.example.com.' });
    expect(await find('a.shop.example.com', 'example.com')).toEqual(zone);
    expect(await failing(find('a.example.com', 'shop.example.com'))).toMatchObject({ code: 'zone_not_found', detail: expect.any(String) });
  });

  it('every page of domains is read: v1 by the last name, v3 by the token of a link, whose address is not followed', async () => {
    const { stage } = await open([], { token: goodKey, credential: [{ value: goodKey }, { value: goodToken }], pageSize: 150, zones: Array.from({ length: 1_001 }, (_, at) => ({ domain: `d${at}.example.com` })) });
    const found = async (token: string): Promise<number> => (await stage.open({ token }).checkCredential(null, signal)).zones.length;

    expect([await found(goodKey), await found(goodToken)]).toEqual([1_001, 1_001]);
    expect(calls().filter((call) => call === 'GET /v1/domains')).toHaveLength(2);
    expect(calls().filter((call) => call === 'GET /v3/domains/domain-names')).toHaveLength(7);
  });

  it('a link that leads nowhere, or round and round, ends the list as an error', async () => {
    const { stage } = await open();
    const page = (href: string): { fault: { status: number; text: string }; times: number } => ({ fault: { status: 200, text: JSON.stringify({ items: [{ domain: 'example.com' }], links: [{ rel: 'next', href }] }) }, times: 2 });
    world.fake.fail({ ...page('https://elsewhere.example/v3/domains/domain-names'), times: 1 });
    world.fake.fail(page('https://elsewhere.example/v3/domains/domain-names?pageToken=same'));

    expect(await failing(stage.open().checkCredential(null, signal))).toMatchObject({ code: 'provider_protocol', detail: expect.any(String) });
    expect(await failing(stage.open().checkCredential(null, signal))).toMatchObject({ code: 'provider_protocol', detail: expect.any(String) });
  });
});

describe('writes', () => {
  it.each([goodKey, goodToken])('a lost answer is not sent again: %#', async (token) => {
    const { stage } = await open([], { token });
    world.fake.fail({ fault: 'lost', only: ({ method }) => method !== 'GET' });

    expect(await stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.1'], 600))).toMatchObject({ status: 'unknown', code: 'outcome_unknown' });
    expect(writes()).toHaveLength(1);
  });

  it.each([goodKey, goodToken])('a copy that is refused, since somebody was faster, makes a new plan: %#', async (token) => {
    const { stage, domain } = await open([], { token });

    expect(await stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.1'], 600), { ports: beforeEachWrite(() => void world.fake.addRecord(domain, www)) })).toMatchObject({ status: 'refused', code: 'zone_changed' });
  });

  it.each([goodKey, goodToken])('a record of theirs, and a parked address, stay beside ours: %#', async (token) => {
    const theirs: FakeRecord = { type: 'CNAME', name: '_domainconnect', data: '_domainconnect.gd.domaincontrol.com', ttl: 3_600 };
    const { stage, domain } = await open([theirs, { type: 'A', name: '@', data: 'Parked', ttl: 600 }], { token });

    expect(await stage.write(zone, setOf(apex, '', 'TXT', ['"ours"'], 600))).toMatchObject({ status: 'applied' });
    expect(domain.records).toEqual(expect.arrayContaining([theirs, expect.objectContaining({ data: 'Parked' })]));
  });

  it.each([goodKey, goodToken])('a parked address gives way to a real one: %#', async (token) => {
    const { stage, domain } = await open([{ type: 'A', name: '@', data: 'Parked', ttl: 600 }], { token });

    expect(await stage.write(zone, setOf(apex, '', 'A', ['192.0.2.1'], 600))).toMatchObject({ status: 'applied' });
    expect(domain.records.filter(({ type }) => type === 'A').map(({ data }) => data)).toEqual(['192.0.2.1']);
  });

  it.each([['*.wild', 'TXT', '"x"', 'wildcardOfOtherTypes'], ['sip', 'SRV', '1 2 3 a.example.net.', 'srvWithoutService']])('%s %s is refused by name, and nothing is sent', async (name, type, value, rule) => {
    const { stage } = await open();

    expect(await stage.write(zone, setOf(apex, name, type, [value], 600))).toMatchObject({ status: 'refused', code: 'unsupported', detail: expect.stringContaining(rule) });
    expect(writes()).toEqual([]);
  });

  it('429 says when: the minute in v1’s body, and a month that is used up', async () => {
    const { stage } = await open([], { token: goodKey, rate: { calls: 0, quota: true } });

    await expect(stage.open().getRecordSets(zone, 'all', signal)).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 30_000, detail: expect.stringContaining('month') });
  });

  it('a domain that is being edited is tried later, and nothing more is sent to it', async () => {
    const { stage } = await open([www], { token: goodKey });
    world.fake.fail({ fault: { status: 409, text: '{"code":"CONFLICTING_STATUS","message":"being edited"}' }, only: ({ method }) => method === 'DELETE' });
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);

    await expect(adapter.applyChanges(zone, [deletion(reading, ownerName('www.example.com.'), 'A'), changeTo(reading, setOf(apex, 'a', 'A', ['192.0.2.2'], 600))], reading, signal)).rejects.toMatchObject({ code: 'provider_unavailable', retryAfterMs: 10_000 });
    expect(writes()).toHaveLength(1);
  });
});
