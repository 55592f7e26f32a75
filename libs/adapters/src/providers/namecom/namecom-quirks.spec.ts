import { afterEach, describe, expect, it } from '@jest/globals';
import { isConnectError, ownerName, txtValue, type RecordSet } from '@connect/domain';
import { Stage, beforeEachWrite, deletion, failing, find, formRefusal, recording, setOf, type Sent } from '../../conformance/index.js';
import { namecomCredential } from './credential.js';
import { goodLogin, namecomWorld, type NamecomWorld } from './namecom-world.fake.js';
import type { FakeDomain, FakeRecord } from './namecom-records.fake.js';

/** What is odd about Name.com, each as a case. */
const otherLogin = 'somebody:aaaabbbbccccddddeeeeffff0000111122223333';
const signal = new AbortController().signal;
const apex = ownerName('example.com.');
const www = ownerName('www.example.com.');
const zone = { id: 'example.com', apex };

let world: NamecomWorld;
afterEach(() => world.stop());

async function open(records: Partial<FakeRecord>[] = [], options: Parameters<typeof namecomWorld>[0] = {}): Promise<{ stage: Stage; domain: FakeDomain }> {
  world = await namecomWorld({ zones: [{ domainName: 'example.com', records }], ...options });
  return { stage: new Stage(world), domain: world.fake.domains.get('example.com')! };
}

const calls = (): string[] => world.fake.requests.map(({ method, path }) => `${method} ${path}`);

describe('two APIs', () => {
  it('core v1 is used where it is served', async () => {
    const { stage } = await open([{ host: 'www', answer: '192.0.2.1' }]);

    await stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.2']));

    expect(calls()).toEqual(['GET /core/v1/domains/example.com/records', expect.stringMatching(/^PUT \/core\/v1\/domains\/example\.com\/records\/\d+$/)]);
  });

  it('v4 where it is not, for finding, checking, reading and writing', async () => {
    const { stage, domain } = await open([{ host: 'old', answer: '192.0.2.1' }], { families: ['v4'] });
    const adapter = stage.open();

    expect(await adapter.findZone({ hostname: www, apex, zone: null }, signal)).toEqual(zone);
    expect(await adapter.checkCredential('example.com', signal)).toMatchObject({ valid: true, code: null });
    expect((await stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.2']))).status).toBe('applied');
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    expect((await adapter.applyChanges(zone, [deletion(reading, ownerName('old.example.com.'), 'A')], reading, signal))[0]?.status).toBe('applied');
    expect(domain.records.map(({ host }) => host)).toEqual(['www']);
    expect(calls().filter((call) => call.startsWith('GET') === false && call.includes('core'))).toEqual([]);
  });

  it('a domain that core v1 does not know is not asked for again in v4', async () => {
    const { stage } = await open([], { zones: [] });

    expect(await failing(stage.open().getRecordSets(zone, 'all', signal))).toMatchObject({ code: 'zone_not_found', detail: expect.any(String) });
    expect(calls()).toEqual(['GET /core/v1/domains/example.com/records']);
  });

  it('the user of the test environment is served by its own host', async () => {
    const login = `customer-test:${'abcdef0123456789'.repeat(2)}`;
    const { stage } = await open([], { credential: login });
    const sent: Sent[] = [];

    await stage.open({ token: login, ports: recording(sent) }).getRecordSets(zone, 'all', signal);

    expect(sent.map(({ url }) => new URL(url!).host)).toEqual(['api.dev.name.com']);
  });
});

describe('403', () => {
  const elsewhere = { domainName: 'example.com', nameservers: ['ns1.other.example', 'ns2.other.example'] };
  const expired = { domainName: 'example.com', expireDate: '2020-01-01T00:00:00Z' };

  it.each([[elsewhere, 'name servers'], [expired, 'expired']] as const)('says why: %j', async (domain, why) => {
    const { stage } = await open([], { zones: [domain] });

    expect(await failing(stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.1'])))).toMatchObject({ code: 'zone_not_writable', detail: expect.stringContaining(why) });
    expect(await stage.open().checkCredential('example.com', signal)).toMatchObject({ valid: true, code: 'zone_not_writable', detail: expect.stringContaining(why), may: ['list_zones', 'read_records'], zones: [zone] });
  });

  it('for another reason stays a missing permission', async () => {
    const { stage } = await open();
    world.fake.fail({ fault: { status: 403, text: '{"message":"Permission Denied"}' }, only: ({ method }) => method === 'POST' });

    expect(await failing(stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.1'])))).toMatchObject({ code: 'missing_permission', detail: expect.any(String) });
  });

  it('does not keep anybody from a domain beside it', async () => {
    const { stage } = await open([], { zones: [elsewhere, { domainName: 'example.net' }] });

    expect(await stage.open().findZone({ hostname: ownerName('www.example.net.'), apex: ownerName('example.net.'), zone: null }, signal)).toEqual({ id: 'example.net', apex: 'example.net.' });
  });
});

describe('records', () => {
  it('an ALIAS is written as ANAME, and a second plan has nothing to do', async () => {
    const { stage, domain } = await open();
    const wanted = setOf(apex, '', 'ALIAS', ['target.example.net.']);

    await stage.write(zone, wanted);
    await stage.write(zone, wanted);

    expect(domain.records.map(({ type, host, answer }) => [type, host, answer])).toEqual([['ANAME', '', 'target.example.net']]);
    expect(world.fake.requests.filter(({ method }) => method !== 'GET')).toHaveLength(1);
  });

  it('an update sends every field again, since it overwrites all', async () => {
    const { stage, domain } = await open([{ type: 'MX', host: 'mail', answer: 'old.example.net', priority: 10, ttl: 3_600 }]);

    await stage.write(zone, setOf(apex, 'mail', 'MX', ['10 new.example.net.'], 3_600));

    expect(domain.records).toEqual([{ id: domain.records[0]!.id, type: 'MX', host: 'mail', answer: 'new.example.net', priority: 10, ttl: 3_600 }]);
  });

  it('a copy that is refused, since somebody was faster, makes a new plan', async () => {
    const { stage, domain } = await open();

    const outcome = await stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.1']), { ports: beforeEachWrite(() => void world.fake.addRecord(domain, { host: 'www', answer: '192.0.2.1' })) });

    expect(outcome).toMatchObject({ status: 'refused', code: 'zone_changed' });
  });

  it('an update of a record that is gone makes a new plan', async () => {
    const { stage, domain } = await open([{ host: 'www', answer: '192.0.2.1' }]);

    const outcome = await stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.2']), { ports: beforeEachWrite(() => void domain.records.pop()) });

    expect(outcome).toMatchObject({ status: 'refused', code: 'zone_changed' });
  });

  const refused: [string, RecordSet][] = [
    ['CAA', setOf(apex, 'www', 'CAA', ['0 issue "ca.example.net"'])], ['null MX', setOf(apex, 'www', 'MX', ['0 .'])], ['SRV with the target "."', setOf(apex, '_sip._tcp', 'SRV', ['0 0 0 .'])], ['an empty TXT', setOf(apex, 'www', 'TXT', ['""'])],
    ['TXT with quotes', setOf(apex, 'www', 'TXT', [txtValue('say "hello"')])], ['TXT that ends with a space', setOf(apex, 'www', 'TXT', [txtValue('x ')])], ['TXT over 507 octets', setOf(apex, 'www', 'TXT', [txtValue('x'.repeat(508))])],
    ['TXT over 512 octets with its escapes', setOf(apex, 'www', 'TXT', [txtValue('\\'.repeat(300))])], ['PTR', setOf(apex, 'www', 'PTR', ['a.example.net.'])],
  ];

  it.each(refused)('%s is refused before anything is sent', async (_, set) => {
    const { stage } = await open();
    const sent: Sent[] = [];

    expect(await stage.write(zone, set, { ports: recording(sent) })).toMatchObject({ status: 'refused', code: 'unsupported' });
    expect(sent.some((call) => call.write)).toBe(false);
  });

  it('the longest TXT that is not refused is taken', async () => {
    const { stage, domain } = await open();

    expect((await stage.write(zone, setOf(apex, 'www', 'TXT', [txtValue('x'.repeat(507))]))).status).toBe('applied');
    expect(domain.records[0]?.answer).toHaveLength(507);
  });
});

describe('pages', () => {
  const many = Array.from({ length: 25 }, (_, at) => ({ host: `n${at}`, answer: '192.0.2.1' }));

  it.each([[['core/v1', 'v4'] as const, 4], [['v4'] as const, 5]])('every page is read where %j is served', async (families, requests) => {
    const { stage } = await open(many, { pageSize: 7, families });

    expect((await stage.open().getRecordSets(zone, 'all', signal)).recordSets).toHaveLength(25);
    expect(world.fake.requests).toHaveLength(requests);
  });

  it('a page that names itself as the next one is not asked for for ever', async () => {
    const { stage } = await open(many);
    world.fake.fail({ fault: { status: 200, text: JSON.stringify({ records: [{ id: 1, host: 'a', type: 'A', answer: '192.0.2.1', ttl: 300 }], totalCount: 2, nextPage: 1 }) }, times: 9 });

    expect(await failing(stage.open().getRecordSets(zone, 'all', signal))).toMatchObject({ code: 'provider_protocol', detail: expect.stringContaining('pages') });
    expect(world.fake.requests).toHaveLength(1);
  });

  it('a list that is shorter than it says is not taken for the zone', async () => {
    const { stage } = await open(many);
    world.fake.fail({ fault: { status: 200, text: JSON.stringify({ records: [], totalCount: 2 }) } });

    expect(await failing(stage.open().getRecordSets(zone, 'all', signal))).toMatchObject({ code: 'provider_unavailable', detail: expect.any(String) });
  });

  it('every domain is listed', async () => {
    const { stage } = await open([], { zones: Array.from({ length: 30 }, (_, at) => ({ domainName: `n${at}.example` })), pageSize: 7 });

    expect((await stage.open().checkCredential(null, signal)).zones).toHaveLength(30);
  });
});

describe('logins', () => {
  it('are split at the first colon', async () => {
    await open();
    expect(namecomCredential.parse(goodLogin)).toEqual({ user: 'customer', token: goodLogin.slice(9), isTest: false });
  });

  it.each([goodLogin.slice(9), `:${goodLogin.slice(9)}`, 'customer:', `${goodLogin}\n`, `${goodLogin}:x`, `Basic ${goodLogin}`])('in another form are refused, and nothing is repeated', async (login) => {
    await open();
    expect(formRefusal(world.provider, login)).toMatch(/^credential_format: .*user:token/);
  });

  it('an account with a token for our address gets everything done, and is wider than needed', async () => {
    const { stage, domain } = await open();
    world.fake.addAccount({ login: otherLogin, addresses: ['127.0.0.1'] });
    const adapter = stage.open({ token: otherLogin });

    const finding = await adapter.checkCredential('example.com', signal);
    const found = await adapter.findZone({ hostname: www, apex, zone: null }, signal);
    const made = await stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.1']), { token: otherLogin });
    const reading = await adapter.getRecordSets(found, [www], signal);
    const [removed] = await adapter.applyChanges(found, [deletion(reading, www, 'A')], reading, signal);

    expect(finding).toMatchObject({ valid: true, code: null, zones: [zone], may: ['list_zones', 'read_records', 'write_records'], widerThanNeeded: expect.stringContaining('whole account') });
    expect([made.status, find(reading.recordSets, www, 'A')?.values, removed?.status, domain.records]).toEqual(['applied', ['192.0.2.1'], 'applied', []]);
  });

  it.each([[{ twoStep: true }, { valid: true, code: 'account_not_eligible', detail: expect.stringContaining('two-step') }], [{ addresses: ['203.0.113.7'] }, { valid: false, code: 'address_not_allowed' }]])('with %j say what is in the way', async (limits, finding) => {
    const { stage } = await open();
    world.fake.addAccount({ login: otherLogin, ...limits });

    expect(await stage.open({ token: otherLogin }).checkCredential('example.com', signal)).toMatchObject(finding);
  });

  // 401 in core v1, 403 in v4.
  it.each(['core/v1', 'v4'] as const)('that are wrong are told by %s', async (family) => {
    const { stage } = await open([], { families: [family] });

    expect(await stage.open({ token: otherLogin }).checkCredential('example.com', signal)).toMatchObject({ valid: false, code: 'rejected_credential' });
  });

  it('that have used up their calls say until when', async () => {
    const { stage } = await open([], { rate: { calls: 0 } });

    const error = await stage.open().getRecordSets(zone, 'all', signal).catch((thrown: unknown) => thrown);

    expect(isConnectError(error) && [error.code, error.retryAfterMs! > 890_000 && error.retryAfterMs! <= 901_000]).toEqual(['rate_limited', true]);
  });

  it('a check of a domain that the account does not have says so', async () => {
    const { stage } = await open();

    expect(await stage.open().checkCredential('example.net', signal)).toMatchObject({ valid: true, code: 'zone_not_found', zones: [] });
    expect(await failing(stage.open().findZone({ hostname: www, apex, zone: 'example.net' }, signal))).toMatchObject({ code: 'zone_not_found', detail: expect.any(String) });
  });
});
