import { afterEach, describe, expect, it } from '@jest/globals';
import { ownerName, txtValue, type RecordSet } from '@connect/domain';
import { Stage, changeTo, deletion, failing, find, formRefusal, setOf } from '../../conformance/index.js';
import { porkbunCredential } from './credential.js';
import { goodKey, goodToken, porkbunWorld, type PorkbunWorld } from './porkbun-world.fake.js';
import type { FakeDomain, FakeRecord } from './porkbun.fake.js';

/** What is odd about Porkbun, each as a case. */
const signal = new AbortController().signal;
const apex = ownerName('example.com.');
const zone = { id: 'example.com', apex };
const www = ownerName('www.example.com.');
const narrow = { apikey: `pk1_${'a1'.repeat(32)}`, secretapikey: `sk1_${'b2'.repeat(32)}`, domains: ['example.com'], addresses: ['127.0.0.1'] };
const narrowToken = `${narrow.apikey}:${narrow.secretapikey}`;

let world: PorkbunWorld | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

async function open(records: Partial<FakeRecord>[] = [], options: Parameters<typeof porkbunWorld>[0] = {}): Promise<{ stage: Stage; domain: FakeDomain; fake: PorkbunWorld['fake'] }> {
  world = await porkbunWorld({ zones: [{ name: 'example.com', records }, { name: 'other.example' }], ...options });
  return { stage: new Stage(world), domain: world.fake.domains.get('example.com')!, fake: world.fake };
}

describe('the switch of each domain', () => {
  const search = { hostname: www, apex, zone: null };

  it('that is off is told apart from a domain that is not there', async () => {
    const { stage } = await open([], { zones: [{ name: 'example.com', apiAccess: false }] });

    expect(await failing(stage.open().findZone(search, signal))).toMatchObject({ code: 'account_not_eligible', detail: expect.stringContaining('API Access is off') });
    expect((await failing(stage.open().findZone({ hostname: ownerName('www.example.net.'), apex: ownerName('example.net.'), zone: null }, signal))).code).toBe('zone_not_found');
    expect(await stage.open().checkCredential('example.com', signal)).toMatchObject({ valid: true, code: 'account_not_eligible' });
  });

  it('cannot be told apart where the key may not list: the text names both', async () => {
    const { stage, fake } = await open([], { zones: [{ name: 'example.com', apiAccess: false }], restrictedList: 'refused' });
    fake.addKey(narrow);

    expect(await failing(stage.open({ token: narrowToken }).findZone(search, signal))).toMatchObject({ code: 'zone_not_found', detail: expect.stringContaining('or API Access is off for it') });
  });

  it('that is turned off later is found out by the call itself', async () => {
    const { stage, domain } = await open();
    domain.apiAccess = false;

    expect(await failing(stage.open().getRecordSets(zone, 'all', signal))).toMatchObject({ code: 'zone_not_found', detail: expect.stringContaining('or API Access is off for it') });
  });
});

describe('a create', () => {
  const create = (stage: Stage) => async (set: RecordSet) => {
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    return (await adapter.applyChanges(zone, [changeTo(reading, set)], reading, signal))[0];
  };

  it('carries an Idempotency-Key of its own, so that a copy made on its way is no second record', async () => {
    const { stage, domain, fake } = await open();
    await create(stage)(setOf(apex, 'www', 'A', ['192.0.2.1', '192.0.2.2'], 600));
    const [first, second] = fake.requests.filter(({ method }) => method === 'POST');
    expect(first!.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
    expect(second!.headers['idempotency-key']).not.toBe(first!.headers['idempotency-key']);
    domain.records = [];

    const again = await fetch(`${fake.origin}${first!.path}`, { method: 'POST', body: first!.body, headers: { 'x-api-key': goodKey.apikey, 'x-secret-api-key': goodKey.secretapikey, 'idempotency-key': first!.headers['idempotency-key']! } });

    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(domain.records).toEqual([]);
  });

  it('of a record that was made and removed before is carried out, not answered from memory', async () => {
    const { stage, domain } = await open();
    const set = setOf(apex, 'www', 'A', ['192.0.2.1'], 600);
    await create(stage)(set);
    domain.records = [];

    expect((await create(stage)(set))?.status).toBe('applied');
    expect(domain.records).toHaveLength(1);
  });

  it('of a record that somebody made in between is zone_changed: the next look finds it', async () => {
    const { stage, domain, fake } = await open();
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    fake.addRecord(domain, { name: 'www', content: '192.0.2.1' });

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1'], 600))], reading, signal);

    expect(outcome).toMatchObject({ status: 'refused', code: 'zone_changed' });
    expect(domain.records).toHaveLength(1);
  });

  it.each(['2024', '2026'] as const)('beside a URL forward names the forward (%s)', async (version) => {
    const { stage } = await open([{ type: 'ALIAS', content: 'uixie.porkbun.com' }], { version });

    expect(await create(stage)(setOf(apex, '', 'A', ['192.0.2.1'], 600))).toMatchObject({ status: 'refused', code: 'record_conflict', detail: expect.stringContaining('uixie.porkbun.com') });
  });

  it('whose TTL is below the account’s least is raised, and an older account keeps its 300', async () => {
    const { stage, domain } = await open([{ name: 'www', content: '192.0.2.1', ttl: 300 }], { leastTtl: 300 });

    await create(stage)(setOf(apex, 'new', 'A', ['192.0.2.1'], 60));
    await create(stage)(setOf(apex, 'www', 'A', ['192.0.2.9'], 300));

    expect(domain.records.map(({ name, content, ttl }) => [name, content, ttl])).toEqual([['www', '192.0.2.9', 300], ['new', '192.0.2.1', 600]]);
  });

  it('refused with HTTP 200 is refused', async () => {
    const { stage, domain } = await open([{ name: '', content: '192.0.2.1' }], { refusalsAre200: true });

    expect(await create(stage)(setOf(apex, '', 'ALIAS', ['target.example.net.'], 600))).toMatchObject({ status: 'refused', code: 'record_conflict' });
    expect(domain.records).toHaveLength(1);
  });
});

describe('an edit', () => {
  it('names its record always, and keeps the notes of the customer', async () => {
    const { stage, domain, fake } = await open([{ name: 'www', content: '192.0.2.1', notes: 'the shop' }]);
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);

    await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.9'], 600))], reading, signal);

    expect(domain.records).toEqual([expect.objectContaining({ name: 'www', content: '192.0.2.9', notes: 'the shop' })]);
    expect(fake.requests.at(-1)!.path).toMatch(/\/dns\/edit\/example\.com\/\d+$/);
  });

  it('of a record that is gone is zone_changed; a delete of it is done', async () => {
    const { stage, domain } = await open([{ name: 'www', content: '192.0.2.1' }]);
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    domain.records = [];

    const [edited] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.9'], 600))], reading, signal);
    const [deleted] = await adapter.applyChanges(zone, [deletion(reading, www, 'A')], reading, signal);

    expect([edited?.code, deleted?.status]).toEqual(['zone_changed', 'applied']);
  });
});

describe('what it was seen to refuse is refused before', () => {
  const refused: [string, RecordSet][] = [
    ['an empty TXT', setOf(apex, 'www', 'TXT', ['""'])], ['TXT that ends with a space', setOf(apex, 'www', 'TXT', [txtValue('x ')])], ['CAA with a space', setOf(apex, 'www', 'CAA', ['0 issue "ca.example.net; account=1"'])],
    ['null MX', setOf(apex, 'www', 'MX', ['0 .'])], ['a CNAME at the apex', setOf(apex, '', 'CNAME', ['target.example.net.'])], ['two SPF records', setOf(apex, 'www', 'TXT', ['"v=spf1 -all"', '"v=spf1 ~all"'])], ['LOC', setOf(apex, 'www', 'LOC', ['52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000.00m 10.00m'])],
  ];

  it.each(refused)('%s', async (_, set) => {
    const { stage } = await open();
    await stage.refusesUnsent(zone, set);
  });

  it('but not what has nothing to do with two SPF records that stand there: a text beside them comes and goes', async () => {
    const [mx, all] = ['"v=spf1 mx -all"', '"v=spf1 ~all"'];
    const { stage, domain } = await open([mx, all].map((value) => ({ name: 'www', type: 'TXT', content: value.slice(1, -1) })));
    const before = structuredClone(domain.records);

    expect((await stage.write(zone, setOf(apex, 'www', 'TXT', [mx, all, '"ours"'], 600))).status).toBe('applied');
    await stage.refusesUnsent(zone, setOf(apex, 'www', 'TXT', [mx, '"v=spf1 a ~all"', '"ours"'], 600));
    expect((await stage.write(zone, setOf(apex, 'www', 'TXT', [mx, all], 600))).status).toBe('applied');
    expect(domain.records).toEqual(before);
  });
});

describe('keys', () => {
  it('have the form of the page, those of the sandbox, too', () => {
    expect(porkbunCredential.parse(goodToken)).toEqual(goodKey);
    expect(porkbunCredential.parse('pk1_sb_0123456789:sk1_sb_0123456789')).toEqual({ apikey: 'pk1_sb_0123456789', secretapikey: 'sk1_sb_0123456789' });
  });

  it.each([goodKey.apikey, `${goodKey.secretapikey}:${goodKey.apikey}`, `${goodToken}:more`, `${goodToken}\n`, goodToken.replace(':', ' ')])('of another form are refused without repeating them (%#)', async (token) => {
    const { stage } = await open();
    expect(formRefusal(stage.world.provider, token)).toMatch(/^credential_format: .*apikey:secretapikey/);
  });

  it.each(['filtered', 'refused'] as const)('restricted to one domain and our address get everything done, whether the list is %s', async (restrictedList) => {
    const { stage, domain, fake } = await open([], { restrictedList });
    fake.addKey(narrow);
    const adapter = stage.open({ token: narrowToken });

    const found = await adapter.findZone({ hostname: www, apex, zone: null }, signal);
    const reading = await adapter.getRecordSets(found, [www], signal);
    const [made] = await adapter.applyChanges(found, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))], reading, signal);
    const again = await adapter.getRecordSets(found, [www], signal);
    const [removed] = await adapter.applyChanges(found, [deletion(again, www, 'A')], again, signal);

    expect([found, made?.status, removed?.status]).toEqual([zone, 'applied', 'applied']);
    expect(domain.records).toEqual([]);
    expect(await adapter.checkCredential('example.com', signal)).toMatchObject({ valid: true, code: null, zones: [zone], may: ['list_zones', 'read_records', 'write_records'], widerThanNeeded: expect.not.stringContaining('domains.') });
  });

  it('that open several domains are wider than needed', async () => {
    const { stage } = await open();

    expect(await stage.open().checkCredential(null, signal)).toMatchObject({ valid: true, zonesComplete: true, zones: [zone, { id: 'other.example' }], widerThanNeeded: expect.stringContaining('opens 2 domains') });
  });

  it('restricted to another address are told so', async () => {
    const { stage, fake } = await open();
    fake.addKey({ ...narrow, addresses: ['192.0.2.1'] });

    expect(await stage.open({ token: narrowToken }).checkCredential('example.com', signal)).toMatchObject({ valid: false, code: 'address_not_allowed' });
  });

  it('are not taken for good because ping succeeds without them', async () => {
    const { stage, fake } = await open();
    expect(await (await fetch(`${fake.origin}/api/json/v3/ping`)).json()).not.toHaveProperty('credentialsValid');
    fake.fail({ fault: { status: 200, text: '{"status":"SUCCESS","yourIp":"127.0.0.1"}' }, only: ({ path }) => path.endsWith('/ping') });

    expect(await stage.open({ token: world!.wrongToken }).checkCredential('example.com', signal)).toMatchObject({ valid: false, code: 'rejected_credential' });
  });

  it('are known by the servers of 2024 as well, without codes and flags', async () => {
    const { stage } = await open([], { version: '2024' });

    expect(await stage.open().checkCredential('example.com', signal)).toMatchObject({ valid: true, code: null, zones: [zone] });
    expect(await stage.open({ token: world!.wrongToken }).checkCredential('example.com', signal)).toMatchObject({ valid: false, code: 'rejected_credential' });
  });

  it('stand in headers only, never in a body', async () => {
    const { stage, fake } = await open();
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))], reading, signal);

    expect(fake.requests.every(({ body }) => !body.includes(goodKey.apikey) && !body.includes(goodKey.secretapikey))).toBe(true);
  });
});

describe('domains and limits', () => {
  it('more than a thousand are all listed', async () => {
    const { stage } = await open([], { zones: Array.from({ length: 1_001 }, (_, at) => ({ name: `d${at}.example` })) });

    expect((await stage.open().checkCredential(null, signal)).zones).toHaveLength(1_001);
  });

  it('the name servers that older answers list are read and never changed', async () => {
    const { stage } = await open([], { version: '2024' });
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);

    const [outcome] = await adapter.applyChanges(zone, [deletion(reading, apex, 'NS')], reading, signal);

    expect(find(reading.recordSets, apex, 'NS')?.values).toHaveLength(4);
    expect(outcome?.code).toBe('apex_ns_refused');
  });

  it('a key that has used up its calls is told when to come again', async () => {
    const { stage } = await open([], { rate: { calls: 1, windowMs: 60_000 } });
    const adapter = stage.open();
    await adapter.getRecordSets(zone, 'all', signal);

    const error: unknown = await adapter.getRecordSets(zone, 'all', signal).catch((each: unknown) => each);

    expect(error).toMatchObject({ code: 'rate_limited' });
    expect((error as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(50_000);
  });

  it('a foreign record made in the pause of a racy server survives', async () => {
    const { stage, domain, fake } = await open([], { betweenCheckAndWrite: () => Promise.resolve(void fake.addRecord(domain, { name: 'www', type: 'TXT', content: 'theirs' })) });
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);

    await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'TXT', ['"ours"']))], reading, signal);

    expect(domain.records.map(({ content }) => content)).toEqual(['theirs', 'ours']);
  });

  it('a full zone is zone_full', async () => {
    const { stage } = await open(Array.from({ length: 2_500 }, (_, at) => ({ name: `n${at}`, content: '192.0.2.1' })));
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);

    expect((await failing(adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))], reading, signal))).code).toBe('zone_full');
  });
});
