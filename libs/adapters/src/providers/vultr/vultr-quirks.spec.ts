import { afterEach, describe, expect, it } from '@jest/globals';
import { ownerName, txtValue, type RecordSet } from '@connect/domain';
import { Stage, changeTo, deletion, failing, find, formRefusal, recording, setOf, withValue, type Sent } from '../../conformance/index.js';
import { vultrCredential } from './credential.js';
import { goodKey, vultrWorld, type VultrWorld } from './vultr-world.fake.js';
import type { FakeDomain, FakeRecord } from './vultr-records.fake.js';

/** What is odd about Vultr, each as a case. */
const otherKey = 'AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIII';
const signal = new AbortController().signal;
const apex = ownerName('example.com.');
const www = ownerName('www.example.com.');
const zone = { id: 'example.com', apex };
const twoTexts: Partial<FakeRecord>[] = [{ type: 'TXT', name: 'www', data: '"foreign"' }, { type: 'TXT', name: 'www', data: '"ours"' }];

let world: VultrWorld;
afterEach(() => world.stop());

async function open(records: Partial<FakeRecord>[] = [], options: Parameters<typeof vultrWorld>[0] = {}): Promise<{ stage: Stage; domain: FakeDomain; at(name: string): [string, number][] }> {
  world = await vultrWorld({ zones: [{ domain: 'example.com', records }], ...options });
  const domain = world.fake.domains.get('example.com')!;
  return { stage: new Stage(world), domain, at: (name) => domain.records.filter((record) => record.name === name).map(({ data, ttl }) => [data, ttl]) };
}

describe('one TTL for a set', () => {
  it('is changed for a single record in place', async () => {
    const { stage, domain, at } = await open([{ name: 'www', data: '192.0.2.1' }]);
    const { id } = domain.records.at(-1)!;
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);

    await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1', '192.0.2.2'], 3_600))], reading, signal);

    expect(at('www')).toEqual([['192.0.2.1', 3_600], ['192.0.2.2', 3_600]]);
    expect(domain.records.find((record) => record.name === 'www')?.id).toBe(id);
  });

  it.each([[['"foreign"', '"ours"']], [['"foreign"', '"new"']], [['"ours"']], [['"new"']]])('is changed for several records, and the set becomes %j', async (values) => {
    const { stage, at } = await open(twoTexts);
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'TXT', values, 3_600))], reading, signal);

    expect(outcome?.status).toBe('applied');
    expect(at('www').sort()).toEqual(values.map((value) => [value, 3_600]).sort());
  });

  it('is kept while a value is added, and no other record is touched', async () => {
    const { stage, at } = await open(twoTexts.map((record) => ({ ...record, ttl: 7_200 })));
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);

    await adapter.applyChanges(zone, [changeTo(reading, withValue(find(reading.recordSets, www, 'TXT')!, '"new"'))], reading, signal);

    expect(at('www')).toEqual([['"foreign"', 7_200], ['"ours"', 7_200], ['"new"', 7_200]]);
    expect(world.fake.requests.filter(({ method }) => method !== 'GET')).toHaveLength(1);
  });

  it('leaves the outcome unknown if it fails half-way, and the next plan mends it', async () => {
    const { stage, at } = await open(twoTexts);
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);
    const wanted = { ...find(reading.recordSets, www, 'TXT')!, ttlSeconds: 3_600 };
    world.fake.fail({ fault: { status: 429, text: '{"error":"Rate limit reached","status":429}' }, only: ({ method }) => method === 'PATCH' });

    const [half] = await adapter.applyChanges(zone, [changeTo(reading, wanted)], reading, signal);
    const again = await adapter.getRecordSets(zone, [www], signal);
    const [whole] = await adapter.applyChanges(zone, [changeTo(again, wanted)], again, signal);

    expect([half?.status, half?.code, whole?.status]).toEqual(['unknown', 'outcome_unknown', 'applied']);
    expect(at('www').sort()).toEqual([['"foreign"', 3_600], ['"ours"', 3_600]]);
  });

  it('of somebody else that appears in between is a zone that changed', async () => {
    const { stage, domain } = await open();
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);
    world.fake.addRecord(domain, { type: 'A', name: 'www', data: '192.0.2.9', ttl: 7_200 });

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1'], 300))], reading, signal);

    expect(outcome).toMatchObject({ status: 'refused', code: 'zone_changed' });
  });
});

describe('copies', () => {
  it.each(['accepted', 'refused'] as const)('that would be %s are never created', async (copies) => {
    const { stage, at } = await open([], { copies });
    const adapter = stage.open();
    for (let i = 0; i < 2; i++) {
      const reading = await adapter.getRecordSets(zone, [www], signal);
      const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))], reading, signal);
      expect(outcome?.status).toBe('applied');
    }

    expect(at('www')).toHaveLength(1);
  });

  it('that are refused, since somebody was faster, make a new plan', async () => {
    const { stage, domain } = await open([], { copies: 'refused' });
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);
    world.fake.addRecord(domain, { type: 'A', name: 'www', data: '192.0.2.1' });

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))], reading, signal);

    expect(outcome).toMatchObject({ status: 'refused', code: 'zone_changed' });
  });

  it('go all when their value is removed, and foreign values stay', async () => {
    const { stage, at } = await open([...twoTexts, { type: 'TXT', name: 'www', data: '"ours"' }]);
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);

    await adapter.applyChanges(zone, [changeTo(reading, { ...find(reading.recordSets, www, 'TXT')!, values: ['"foreign"'] })], reading, signal);

    expect(at('www')).toEqual([['"foreign"', 300]]);
  });

  it('are not made after a create answered with 503: it is unknown, so somebody looks first', async () => {
    const { stage } = await open();
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);
    world.fake.fail({ fault: { status: 503, text: '{"error":"Service Unavailable","status":503}' }, only: ({ method }) => method === 'POST' });

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))], reading, signal);

    expect(outcome?.status).toBe('unknown');
  });
});

describe('records', () => {
  it('TXT goes within quotes, a backslash means itself, and a second plan has nothing to do', async () => {
    const { stage, at } = await open();
    const adapter = stage.open();
    const wanted = setOf(apex, 'www', 'TXT', [txtValue('C:\\zone '), txtValue('x'.repeat(766))]);
    const reading = await adapter.getRecordSets(zone, [www], signal);
    await adapter.applyChanges(zone, [changeTo(reading, wanted)], reading, signal);
    const sent: Sent[] = [];

    const again = await adapter.getRecordSets(zone, [www], signal);
    await stage.open({ ports: recording(sent) }).applyChanges(zone, [changeTo(again, wanted)], again, signal);

    expect(at('www').map(([data]) => data)).toEqual(['"C:\\zone "', `"${'x'.repeat(766)}"`]);
    expect(sent.some(({ write }) => write)).toBe(false);
  });

  it('an update sends the name and never the type', async () => {
    const { stage } = await open([{ type: 'MX', name: '', data: 'old.example.net', priority: 10 }]);
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);

    await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, '', 'MX', ['20 new.example.net.']))], reading, signal);

    expect(world.fake.requests.at(-1)?.method).toBe('PATCH');
    expect(JSON.parse(world.fake.requests.at(-1)!.body)).toEqual({ name: '', data: 'new.example.net', priority: 20, ttl: 300 });
  });

  it('name servers of the apex are read and never written', async () => {
    const { stage } = await open();
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);

    const [outcome] = await adapter.applyChanges(zone, [deletion(reading, apex, 'NS')], reading, signal);

    expect(find(reading.recordSets, apex, 'NS')?.values).toEqual(['ns1.vultr.com.', 'ns2.vultr.com.']);
    expect(outcome?.code).toBe('apex_ns_refused');
  });

  it('a record of their own with the priority -1 is only read as what it is', async () => {
    const { stage } = await open([], { zones: [{ domain: 'example.com', ip: '192.0.2.1' }] });

    const { recordSets } = await stage.open().getRecordSets(zone, 'all', signal);

    expect(recordSets.map(({ type, values }) => [type, ...values])).toEqual(expect.arrayContaining([['A', '192.0.2.1'], ['CNAME', 'example.com.'], ['MX', '10 example.com.']]));
  });

  const refused: [string, RecordSet][] = [
    ['TXT with a quote', setOf(apex, 'www', 'TXT', [txtValue('say "hello"')])], ['an empty TXT', setOf(apex, 'www', 'TXT', ['""'])], ['TXT over 766 octets', setOf(apex, 'www', 'TXT', [txtValue('x'.repeat(767))])],
    ['null MX', setOf(apex, 'www', 'MX', ['0 .'])], ['CAA with a space', setOf(apex, 'www', 'CAA', ['0 issue "ca.example.net; account=1"'])], ['CAA without a value', setOf(apex, 'www', 'CAA', ['0 issue ""'])], ['HTTPS', setOf(apex, 'www', 'HTTPS', ['1 .'])],
  ];

  it.each(refused)('%s is refused before anything is sent', async (_, set) => {
    const { stage } = await open();
    await stage.refusesUnsent(zone, set);
  });
});

describe('keys', () => {
  it('has 36 capital letters and digits', async () => {
    await open();
    expect(vultrCredential.parse(goodKey)).toBe(goodKey);
  });

  it.each([goodKey.slice(1), `${goodKey}0`, `Bearer ${goodKey}`, `${goodKey}\n`, goodKey.toLowerCase()])('refuses another form without repeating it', async (key) => {
    await open();
    expect(formRefusal(world.provider, key)).toMatch(/^credential_format: /);
  });

  it('of a user with the permission DNS only gets everything done', async () => {
    const { stage, at } = await open();
    world.fake.addToken({ value: otherKey, acls: ['dns'] });
    const finding = await stage.connectsAndRemoves(otherKey, apex, setOf(apex, 'www', 'A', ['192.0.2.1']));

    expect(finding).toMatchObject({ valid: true, code: null, may: ['list_zones', 'read_records', 'write_records'], widerThanNeeded: expect.not.stringContaining('permission DNS only') });
    expect(at('www')).toEqual([]);
  });

  it('of the main user are wider than needed', async () => {
    const { stage } = await open();

    expect(await stage.open().checkCredential('example.com', signal)).toMatchObject({ valid: true, code: null, widerThanNeeded: expect.stringContaining('permission DNS only') });
  });

  it('that may not see their account are still good', async () => {
    const { stage } = await open();
    world.fake.fail({ fault: { status: 403, text: '{"error":"Forbidden","status":403}' }, only: ({ path }) => path === '/v2/account' });

    expect(await stage.open().checkCredential('example.com', signal)).toMatchObject({ valid: true, code: null });
  });

  it.each([
    [{ acls: ['billing'] }, { valid: true, code: 'missing_permission', may: [] }],
    // 401 as for a wrong key; the text tells that it is about the address.
    [{ addresses: ['203.0.113.7'] }, { valid: false, code: 'address_not_allowed', may: [] }],
  ])('with %j lack something', async (limits, finding) => {
    const { stage } = await open();
    world.fake.addToken({ value: otherKey, ...limits });

    expect(await stage.open({ token: otherKey }).checkCredential('example.com', signal)).toMatchObject(finding);
    expect((await failing(stage.open({ token: otherKey }).getRecordSets(zone, 'all', signal))).code).toBe(finding.code);
  });

  it('a check of a domain that the account does not have says so', async () => {
    const { stage } = await open();

    expect(await stage.open().checkCredential('example.net', signal)).toMatchObject({ valid: true, code: 'zone_not_found', zones: [] });
  });
});

describe('zones and pages', () => {
  it('the longest domain wins', async () => {
    const { stage } = await open([], { zones: [{ domain: 'example.com' }, { domain: 'shop.example.com' }] });

    expect(await stage.open().findZone({ hostname: ownerName('www.shop.example.com.'), apex, zone: null }, signal)).toEqual({ id: 'shop.example.com', apex: 'shop.example.com.' });
  });

  it('an unknown domain may be 400, too', async () => {
    const { stage } = await open();
    world.fake.fail({ fault: { status: 400, text: '{"error":"Invalid domain.","status":400}' } });

    expect(await stage.open().findZone({ hostname: www, apex, zone: null }, signal)).toEqual(zone);
  });

  it('every page is read, to the empty cursor', async () => {
    const { stage } = await open(Array.from({ length: 25 }, (_, at) => ({ name: `n${at}`, data: '192.0.2.1' })), { pageSize: 7 });

    expect((await stage.open().getRecordSets(zone, 'all', signal)).recordSets).toHaveLength(26);
    expect(world.fake.requests).toHaveLength(4);
  });

  it('a list that changes between two pages is not taken for the zone', async () => {
    const { stage, domain } = await open(Array.from({ length: 300 }, (_, at) => ({ name: `n${at}`, data: '192.0.2.1' })));
    const adapter = stage.open({ ports: (ports) => ({ ...ports, http: { request: async (request, ofCall) => {
      const answer = await ports.http.request(request, ofCall);
      domain.records.splice(10, 1);
      return answer;
    } } }) });

    expect((await failing(adapter.getRecordSets(zone, 'all', signal))).code).toBe('provider_unavailable');
  });

  it('a cursor that leads back ends the list as an error', async () => {
    const { stage } = await open();
    const page = { status: 200, headers: { 'content-type': 'application/json' }, text: JSON.stringify({ records: [], meta: { total: 9, links: { next: 'again', prev: '' } } }) };
    world.fake.fail({ fault: page, times: 9 });

    expect((await failing(stage.open().getRecordSets(zone, 'all', signal))).code).toBe('provider_protocol');
    expect(world.fake.requests).toHaveLength(2);
  });
});
