import { afterEach, describe, expect, it } from '@jest/globals';
import { movableClock, ownerName, txtValue, type RecordSet } from '@connect/domain';
import { Stage, changeTo, find, recording, setOf, withValue, type FakeFault, type Sent } from '../../conformance/index.js';
import { failed, type AzurednsFakeOptions } from './azuredns.fake.js';
import { azurednsWorld, recordOf, setsOf, type AzurednsWorld } from './azuredns-world.fake.js';
import type { HeldZone, SetSeed } from './azuredns-zone.fake.js';

const apex = ownerName('example.com.');
const www = ownerName('www.example.com.');
const zone = { id: 'example.com', apex };
const signal = new AbortController().signal;
const wanted: RecordSet = setOf(apex, 'www', 'A', ['192.0.2.50'], 60);
let world: AzurednsWorld;

afterEach(() => world.stop());

async function open(sets: readonly SetSeed[] = [], options: Partial<AzurednsFakeOptions> = {}): Promise<{ stage: Stage; held: HeldZone }> {
  world = await azurednsWorld(options);
  return { stage: new Stage(world), held: world.fake.addZone({ name: 'example.com', sets }) };
}

/** Reads, and makes the set what it shall be. */
async function write(stage: Stage, ...sets: RecordSet[]): Promise<{ status: string; code: string | null; detail: string | null }[]> {
  const adapter = stage.open();
  const reading = await adapter.getRecordSets(zone, 'all', signal);
  return adapter.applyChanges(zone, sets.map((set) => changeTo(reading, set)), reading, signal);
}

const a = (...addresses: string[]): SetSeed => ({ name: 'www', type: 'A', ttl: 60, records: addresses.map((ipv4Address) => ({ ipv4Address })) });
const writes = (): { call: string; guard: string | undefined; body: string }[] => world.fake.requests.filter(({ method, path }) => method !== 'GET' && !path.endsWith('/token'))
  .map(({ method, path, headers, body }) => ({ call: `${method} ${path.replace(/^.*\/dnsZones\//, '')}`, guard: headers['if-match'] ?? headers['if-none-match'], body }));

describe('pages', () => {
  it('are followed by their links until there is none', async () => {
    const { stage, held } = await open(Array.from({ length: 50 }, (_, at): SetSeed => ({ ...a('192.0.2.1'), name: `n${at}` })), { pageLimit: 7 });

    const { recordSets, recordSetCount } = await stage.open().getRecordSets(zone, 'all', signal);

    expect(recordSets.filter(({ type }) => type !== 'SOA')).toHaveLength(setsOf(held, apex).length);
    expect([recordSetCount, world.fake.requests.filter(({ path }) => path.endsWith('/recordsets')).length]).toEqual([52, 8]);
  });

  it.each(['https://evil.example/next', 'https://login.microsoftonline.com/next', 'https://management.usgovcloudapi.net/next', 'http://management.azure.com/next', 'https://management.azure.com:8443/next', '/subscriptions/next', 'https://management.azure.com@evil.example/next'])('lead nowhere else, and the token goes nowhere else: %s', async (nextLink) => {
    const sent: Sent[] = [];
    const { stage } = await open();
    world.fake.fail({ fault: { status: 200, text: JSON.stringify({ value: [], nextLink }) }, only: ({ path }) => path.endsWith('/recordsets') });

    await expect(stage.open({ ports: recording(sent) }).getRecordSets(zone, 'all', signal)).rejects.toMatchObject({ code: 'provider_protocol' });
    expect(sent.map(({ url }) => new URL(url!).host)).toEqual(['login.microsoftonline.com', 'management.azure.com']);
  });

  it('that go in a circle are left', async () => {
    const { stage } = await open();
    world.fake.fail({ fault: { status: 200, text: JSON.stringify({ value: [], nextLink: 'https://management.azure.com/subscriptions/x' }) }, only: ({ path }) => !path.endsWith('/token'), times: 5 });

    await expect(stage.open().getRecordSets(zone, 'all', signal)).rejects.toMatchObject({ code: 'provider_protocol', detail: 'the pages go in a circle' });
  });
});

describe('compare-and-swap', () => {
  it('each write names the ETag it rests on, or that there was none; nothing is sent without, and PATCH never', async () => {
    const { stage, held } = await open([a('192.0.2.1'), { name: 'gone', type: 'TXT', records: [{ value: ['x'] }] }]);
    const [old, gone] = [held.find('www', 'A')!.etag, held.find('gone', 'TXT')!.etag];
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);

    await adapter.applyChanges(zone, [changeTo(reading, wanted), changeTo(reading, setOf(apex, '', 'TXT', ['"new"'])), { ownerName: ownerName('gone.example.com'), type: 'TXT', before: find(reading.recordSets, ownerName('gone.example.com'), 'TXT'), after: null }], reading, signal);

    expect(writes().map(({ call, guard }) => [call, guard])).toEqual([['DELETE example.com/TXT/gone', gone], ['PUT example.com/A/www', old], ['PUT example.com/TXT/%40', '*']]);
  });

  it.each([
    ['another TTL', { ...a('192.0.2.1'), ttl: 61 }], ['a value more', a('192.0.2.1', '192.0.2.2')], ['other metadata', { ...a('192.0.2.1'), metadata: { owner: 'them' } }], ['been written again as it was', a('192.0.2.1')], ['gone', null],
  ])('a set that has %s meanwhile is not written over', async (_, meanwhile) => {
    const { stage, held } = await open([a('192.0.2.1')]);
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    if (meanwhile === null) held.sets.clear();
    else held.put(meanwhile);

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, wanted)], reading, signal);

    expect(outcome).toMatchObject({ status: 'refused', code: 'zone_changed' });
    expect(held.find('www', 'A')?.records).toEqual(meanwhile?.records);
  });

  it('a set that somebody creates while our request is under way survives it', async () => {
    const { stage, held } = await open([], { betweenCheckAndWrite: () => void held.put(a('198.51.100.1')) });

    expect(await write(stage, wanted)).toMatchObject([{ status: 'refused', code: 'zone_changed' }]);
    expect(held.find('www', 'A')?.records).toEqual([{ ipv4Address: '198.51.100.1' }]);
  });
});

describe('what stays as it is', () => {
  it('metadata of a set, members that nobody here knows, and values in their own words', async () => {
    const more = { trafficManagementMode: 'theirs' };
    const { stage, held } = await open([{ name: 'MAIL', type: 'MX', metadata: { owner: 'mail team' }, more, records: [{ preference: 10, exchange: 'MX.Example.NET' }] }]);

    expect(await write(stage, setOf(apex, 'mail', 'MX', ['10 mx.example.net.', '20 ours.example.net.'], 600))).toMatchObject([{ status: 'applied', detail: null }]);

    expect(held.find('mail', 'MX')).toMatchObject({ name: 'MAIL', ttl: 600, metadata: { owner: 'mail team' }, more, records: [{ preference: 10, exchange: 'MX.Example.NET' }, { preference: 20, exchange: 'ours.example.net.' }] });
    expect(writes()[0]!.call).toBe('PUT example.com/MX/MAIL');
  });

  it('metadata of a set without records, which takes a value of ours', async () => {
    const { stage, held } = await open([{ name: 'www', type: 'A', metadata: { kept: 'yes' }, records: [] }]);

    expect(await write(stage, wanted)).toMatchObject([{ status: 'applied' }]);
    expect(held.find('www', 'A')).toMatchObject({ metadata: { kept: 'yes' }, records: [{ ipv4Address: '192.0.2.50' }] });
  });

  const target = '/subscriptions/x/resourceGroups/y/providers/Microsoft.Network/publicIPAddresses/front';

  it.each([['alias', { target, records: [] }], ['alias that shows its addresses', { target, records: [{ ipv4Address: '192.0.2.8' }] }], ['traffic manager', { records: [], more: { trafficManagementProfile: { id: 'x' } } }]])('%s: neither changed nor deleted, and nothing is sent', async (_, content) => {
    const sent: Sent[] = [];
    const { stage, held } = await open([{ ...a(), ...content }]);
    const before = held.find('www', 'A');
    const adapter = stage.open({ ports: recording(sent) });
    const reading = await adapter.getRecordSets(zone, 'all', signal);

    const outcomes = [...(await adapter.applyChanges(zone, [changeTo(reading, wanted)], reading, signal)), ...(await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'CNAME', ['target.example.net.']))], reading, signal))];

    expect(outcomes.map(({ status, code }) => [status, code])).toEqual([['refused', 'unsupported'], ['refused', 'record_conflict']]);
    expect(sent.some(({ write: isWrite }) => isWrite)).toBe(false);
    expect(held.find('www', 'A')).toBe(before);
  });

  it('a set of more than 20 records, where their support has raised the limit', async () => {
    const { stage, held } = await open([a(...Array.from({ length: 25 }, (_, at) => `192.0.2.${at}`))]);
    held.seed.maxRecords = 25;
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    const present = find(reading.recordSets, www, 'A')!;

    expect(await adapter.applyChanges(zone, [changeTo(reading, withValue(present, '192.0.2.98'))], reading, signal)).toMatchObject([{ status: 'refused', code: 'unsupported' }]);
    expect(await adapter.applyChanges(zone, [changeTo(reading, withValue({ ...present, values: present.values.slice(1) }, '192.0.2.99'))], reading, signal)).toMatchObject([{ status: 'applied' }]);
  });
});

describe('names and texts', () => {
  it.each([['', '%40'], ['*.sub', '*.sub'], ['_dmarc', '_dmarc'], ['a.b.c', 'a.b.c']])('a name is said relative to the zone: "%s"', async (name, path) => {
    const { stage } = await open();

    expect(await write(stage, setOf(apex, name, 'TXT', ['"x"']))).toMatchObject([{ status: 'applied' }]);
    expect(writes()[0]!.call).toBe(`PUT example.com/TXT/${path}`);
  });

  it('a long text goes in strings of 255 characters, raw', async () => {
    const { stage, held } = await open();
    const text = `say "hello" \\ ; ${'k'.repeat(2_000)}`;

    expect(await write(stage, setOf(apex, 'key', 'TXT', [txtValue(text)]))).toMatchObject([{ status: 'applied' }]);
    const strings = held.find('key', 'TXT')!.records[0]!['value'] as string[];
    expect([strings.join(''), Math.max(...strings.map((each) => each.length))]).toEqual([text, 255]);
  });
});

describe('what is refused', () => {
  it.each([
    ['null MX (2020-12-28)', setOf(apex, 'www', 'MX', ['0 .'])], ['an empty TXT record (2023-11-11)', setOf(apex, 'www', 'TXT', ['""'])], ['the apex NS', setOf(apex, '', 'NS', ['ns1.example.net.'])],
    ['21 records in a set', setOf(apex, 'www', 'A', Array.from({ length: 21 }, (_, at) => `192.0.2.${at}`))], ['4,097 characters in a TXT set', setOf(apex, 'www', 'TXT', ['a', 'b', 'c'].map((letter) => txtValue(letter.repeat(1_366))))],
    ['NS at a wildcard', setOf(apex, '*', 'NS', ['ns1.example.net.'])], ['a CNAME at the apex', setOf(apex, '', 'CNAME', ['target.example.net.'])],
  ])('%s: named before anything is sent, and refused by the fake, too', async (_, set) => {
    const { stage, held } = await open();

    expect(await write(stage, set)).toMatchObject([{ status: 'refused', code: expect.stringMatching(/unsupported|apex_ns_refused/) }]);
    expect(writes()).toEqual([]);
    const records = set.values.map((value) => recordOf(set.type, value));
    const body = { TTL: 60, [{ MX: 'MXRecords', TXT: 'TXTRecords', NS: 'NSRecords', A: 'ARecords' }[set.type] ?? 'CNAMERecord']: set.type === 'CNAME' ? records[0] : records };
    expect(held.write(set.ownerName === apex ? '@' : set.ownerName.replace('.example.com.', ''), set.type, body, {}, false)).toMatchObject({ status: 400 });
  });

  it('a TTL of 0 becomes the least there is', async () => {
    const { stage, held } = await open();

    expect(await write(stage, { ...wanted, ttlSeconds: 0 })).toMatchObject([{ status: 'applied' }]);
    expect(held.find('www', 'A')?.ttl).toBe(1);
  });

  it('a zone without room is zone_full', async () => {
    const { stage, held } = await open();
    held.seed.maxSets = 2;

    await expect(write(stage, wanted)).rejects.toMatchObject({ code: 'zone_full' });
  });
});

describe('trouble with a write', () => {
  const put = { only: ({ method }: { method: string }) => method === 'PUT' };
  const server = (status: number): FakeFault => failed({ status, code: 'InternalServerError', message: 'x' });

  it.each([['lost', 'lost', true], ['cut', 'cut', true], ['html', 'html', false], ['500', server(500), false], ['504', server(504), false]] as const)('%s: unknown, and a look shows what is so', async (_, fault, happened) => {
    const { stage, held } = await open();
    world.fake.fail({ fault, ...put });

    expect(await write(stage, wanted)).toMatchObject([{ status: 'unknown', code: 'outcome_unknown' }]);
    expect(held.find('www', 'A') !== undefined).toBe(happened);
  });

  it('a rate limit is waited for as long as they say, and nothing has happened', async () => {
    const { stage, held } = await open();
    world.fake.fail({ fault: { ...failed({ status: 429, code: 'SubscriptionRequestsThrottled', message: 'x' }), headers: { 'retry-after': '17' } }, ...put });

    await expect(write(stage, wanted)).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 17_000 });
    expect(held.find('www', 'A')).toBeUndefined();
  });

  it('lists of a zone are counted by the minute', async () => {
    const { stage } = await open([], { listsPerMinute: 1, now: () => new Date('2026-11-25T12:00:30Z') });
    const adapter = stage.open({ ports: (ports) => ({ ...ports, clock: { now: () => new Date('2026-11-25T12:00:30Z') } }) });
    await adapter.getRecordSets(zone, 'all', signal);

    await expect(adapter.getRecordSets(zone, 'all', signal)).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 30_000 });
  });
});

describe('the token', () => {
  it('is asked for once, renewed before it ends, and replaced once where it was taken back', async () => {
    const clock = movableClock('2026-11-25T12:00:00Z');
    const { stage } = await open([], { now: () => clock.now() });
    const adapter = stage.open({ ports: (ports) => ({ ...ports, clock }) });
    const read = (): Promise<unknown> => adapter.getRecordSets(zone, 'all', signal);
    const asked = (): number => world.fake.requests.filter(({ path }) => path.endsWith('/token')).length;

    await Promise.all([read(), read(), read()]);
    expect(asked()).toBe(1);
    clock.advance(56 * 60_000);
    await read();
    expect(asked()).toBe(2);
    world.fake.tokens.revokeAll();
    await read();
    expect(asked()).toBe(3);
  });

  it('that is refused time and again ends as a rejected credential', async () => {
    const { stage } = await open();
    world.fake.fail({ fault: failed({ status: 401, code: 'InvalidAuthenticationToken', message: 'x' }), only: ({ path }) => path.endsWith('/recordsets'), times: 9 });

    await expect(stage.open().getRecordSets(zone, 'all', signal)).rejects.toMatchObject({ code: 'rejected_credential' });
    expect(world.fake.requests.filter(({ path }) => path.endsWith('/recordsets'))).toHaveLength(2);
  });
});
