import { afterEach, describe, expect, it } from '@jest/globals';
import { ownerName, txtValue, type RecordSet } from '@connect/domain';
import { Stage, beforeEachWrite, changeTo, deletion, failing, find, formRefusal, setOf } from '../../conformance/index.js';
import type { Zone } from '../../spi/index.js';
import { ionosCredential } from './credential.js';
import { goodToken, ionosWorld, type IonosWorld } from './ionos-world.fake.js';
import type { FakeRecord, FakeZone } from './ionos-records.fake.js';

/** What is odd about IONOS, each as a case; its active services have a file of their own. */
const signal = new AbortController().signal;
const apex = ownerName('example.com.');
const www = ownerName('www.example.com.');
const address = { name: 'www.example.com', content: '192.0.2.1', ttl: 300 };

let world: IonosWorld;
afterEach(() => world.stop());

async function open(records: Partial<FakeRecord>[] = [], options: Parameters<typeof ionosWorld>[0] = {}): Promise<{ stage: Stage; held: FakeZone; zone: Zone; at(name: string): string[] }> {
  world = await ionosWorld({ zones: [{ name: 'example.com', records }], ...options });
  const held = world.fake.zones[0]!;
  return { stage: new Stage(world), held, zone: { id: held.id, apex }, at: (name) => held.records.filter((record) => record.name === name).map(({ content, ttl, disabled }) => `${content} ${ttl}${disabled ? ' off' : ''}`) };
}

const bodies = (method: string): unknown[] => world.fake.requests.filter((request) => request.method === method).map(({ body }) => JSON.parse(body) as unknown);

describe('ids change with what is written', () => {
  it('a create of what somebody has made meanwhile leaves one record', async () => {
    const { stage, held, zone, at } = await open();

    const outcome = await stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.1']), { ports: beforeEachWrite(() => void world.fake.addRecord(held, address)) });

    expect([outcome?.status, at('www.example.com')]).toEqual(['applied', ['192.0.2.1 300']]);
  });

  it('another value at the name and type is added, and the first keeps its id', async () => {
    const { stage, held, zone, at } = await open([address]);
    const id = held.records.at(-1)!.id;

    await stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.1', '192.0.2.2']));

    expect([at('www.example.com'), held.records.some((record) => record.id === id)]).toEqual([['192.0.2.1 300', '192.0.2.2 300'], true]);
  });

  it.each(['PUT', 'DELETE'])('%s of an id that was renewed is zone_changed, not done: the record is still there', async (method) => {
    const { stage, held, zone, at } = await open([address]);
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    held.records.at(-1)!.id = 'renewed-by-a-copy';
    const change = method === 'PUT' ? changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.9'])) : deletion(reading, www, 'A');

    const [outcome] = await adapter.applyChanges(zone, [change], reading, signal);
    const again = await adapter.getRecordSets(zone, 'all', signal);
    const [next] = await adapter.applyChanges(zone, [{ ...change, before: find(again.recordSets, www, 'A') }], again, signal);

    expect([outcome?.status, outcome?.code, next?.status]).toEqual(['refused', 'zone_changed', 'applied']);
    expect(at('www.example.com')).toEqual(method === 'PUT' ? ['192.0.2.9 300'] : []);
  });

  it('three values of a set change their TTL in turn, though each gets another id; their content goes back as it came', async () => {
    const { stage, zone, at } = await open(['one', 'two', 'in " "parts'].map((text) => ({ name: 'www.example.com', type: 'TXT', content: `"${text}"`, ttl: 300 })), { longTexts: 'split' });

    expect((await stage.write(zone, setOf(apex, 'www', 'TXT', ['"one"', '"two"', '"in " "parts"'], 600))).status).toBe('applied');
    expect(bodies('PUT')).toEqual(['"one"', '"two"', '"in " "parts"'].map((content) => ({ content, ttl: 600, disabled: false })));
    expect(at('www.example.com')).toHaveLength(3);
  });

  it('a repeated create adds nothing', async () => {
    const { stage, zone, at } = await open();
    const wanted = setOf(apex, 'www', 'A', ['192.0.2.1']);
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);

    for (const _ of [1, 2]) await adapter.applyChanges(zone, [changeTo(reading, wanted)], reading, signal);

    expect(at('www.example.com')).toEqual(['192.0.2.1 300']);
  });
});

describe('text', () => {
  const key = `v=DKIM1; k=rsa; p=${'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A'.repeat(13)}`;

  it.each(['joined', 'split'] as const)('goes raw and comes in quotes; kept %s, a second plan is empty', async (longTexts) => {
    const { stage, zone } = await open([], { longTexts });
    const wanted = setOf(apex, 'key._domainkey', 'TXT', [txtValue(key), '"short"'], 300);

    await stage.write(zone, wanted);
    const outcome = await stage.write(zone, wanted);

    expect([bodies('POST'), outcome?.detail]).toEqual([[[expect.objectContaining({ name: 'key._domainkey.example.com', content: key })], [expect.objectContaining({ content: 'short' })]], 'nothing to change']);
  });

  it('is found for a removal though it comes in quotes', async () => {
    const { stage, zone, at } = await open([{ name: 'www.example.com', type: 'TXT', content: '"ours"' }, { name: 'www.example.com', type: 'TXT', content: '"theirs"' }]);

    await stage.write(zone, setOf(apex, 'www', 'TXT', ['"theirs"'], 3_600));

    expect(at('www.example.com')).toEqual(['"theirs" 3600']);
  });

  const refused: [string, RecordSet][] = [
    ['with quotes', setOf(apex, 'www', 'TXT', ['"a \\"b\\""'])], ['with a backslash', setOf(apex, 'www', 'TXT', ['"a\\\\b"'])], ['that begins with a space', setOf(apex, 'www', 'TXT', ['" a"'])], ['that ends with a space', setOf(apex, 'www', 'TXT', ['"a "'])],
    ['that is empty', setOf(apex, 'www', 'TXT', ['""'])], ['of 513 octets', setOf(apex, 'www', 'TXT', [txtValue('x'.repeat(513))])],
  ];

  it.each(refused)('%s is refused before anything is sent', async (_, set) => {
    const { stage, zone } = await open();

    await stage.refusesUnsent(zone, set);
  });
});

describe('records', () => {
  const refused: [string, RecordSet][] = [['a delegation', setOf(apex, 'sub', 'NS', ['ns1.example.net.'])], ['a CNAME at the apex', setOf(apex, '', 'CNAME', ['a.example.net.'])], ['null MX', setOf(apex, 'www', 'MX', ['0 .'])], ['HTTPS', setOf(apex, 'www', 'HTTPS', ['1 .'])]];

  it.each(refused)('%s is refused before anything is sent', async (_, set) => {
    const { stage, zone } = await open();

    await stage.refusesUnsent(zone, set);
  });

  it('that are switched off are not there, and a create takes their place', async () => {
    const { stage, zone, at } = await open([{ ...address, disabled: true }, { ...address, content: '192.0.2.2', disabled: true }]);
    const { recordSets } = await stage.open().getRecordSets(zone, [www], signal);

    await stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.1']));

    expect([recordSets, at('www.example.com')]).toEqual([[], ['192.0.2.2 300 off', '192.0.2.1 300']]);
  });

  it('go as an array with names in full; the calls that replace sets or the zone are never made', async () => {
    const { stage, zone } = await open([address]);
    await stage.write(zone, setOf(apex, '', 'A', ['192.0.2.1', '192.0.2.2']));
    await stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.9']));
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    await adapter.applyChanges(zone, [deletion(reading, apex, 'A')], reading, signal);

    expect(bodies('POST')).toEqual(['192.0.2.1', '192.0.2.2'].map((content) => [{ name: 'example.com', type: 'A', content, ttl: 300, disabled: false }]));
    expect(world.fake.requests.filter(({ method }) => method !== 'GET').every(({ path }) => path.includes('/records'))).toBe(true);
  });

  it('a foreign one made in the pause of a racy server survives', async () => {
    const { stage, held, zone, at } = await open([], { betweenCheckAndWrite: () => Promise.resolve(void world.fake.addRecord(held, { ...address, content: '192.0.2.200' })) });

    await stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.1']));

    expect(at('www.example.com')).toEqual(['192.0.2.200 300', '192.0.2.1 300']);
  });
});

describe('zones', () => {
  const search = { hostname: ownerName('www.shop.example.com.'), apex, zone: null };

  it('the longest name wins, and a name that only ends alike is none', async () => {
    const { stage } = await open([], { zones: [{ name: 'example.com' }, { name: 'shop.example.com' }, { name: 'ple.com' }] });

    expect((await stage.open().findZone(search, signal)).apex).toBe('shop.example.com.');
    expect(await failing(stage.open().findZone({ hostname: ownerName('www.sample.com.'), apex: ownerName('sample.com.'), zone: null }, signal))).toMatchObject({ code: 'zone_not_found', detail: expect.any(String) });
  });

  it('a secondary is told so', async () => {
    const { stage } = await open([], { zones: [{ name: 'example.com', type: 'SLAVE' }] });

    expect(await failing(stage.open().findZone(search, signal))).toMatchObject({ code: 'zone_not_writable', detail: expect.stringContaining('primary') });
    expect(await stage.open().checkCredential('example.com', signal)).toMatchObject({ valid: true, code: 'zone_not_writable', may: ['list_zones', 'read_records'] });
  });

  it('an id is used and checked', async () => {
    const { stage, held, zone } = await open();

    expect(await stage.open().findZone({ ...search, zone: held.id }, signal)).toEqual(zone);
    expect(await stage.open().checkCredential(held.id, signal)).toMatchObject({ valid: true, code: null, zones: [zone] });
    for (const [hostname, id] of [[search.hostname, 'f'.repeat(36)], [ownerName('www.example.net.'), held.id]] as const) {
      expect(await failing(stage.open().findZone({ ...search, hostname, zone: id }, signal))).toMatchObject({ code: 'zone_not_found', detail: expect.any(String) });
    }
  });

  it('two of one name are told apart by an id', async () => {
    const { stage, held } = await open([], { zones: [{ name: 'example.com' }, { name: 'example.com' }] });

    expect(await failing(stage.open().findZone(search, signal))).toMatchObject({ code: 'zone_ambiguous', detail: expect.stringContaining(held.id) });
    expect(await stage.open().checkCredential('example.com', signal)).toMatchObject({ valid: true, code: 'zone_ambiguous' });
  });

  it.each([401, 404] as const)('one of another contract is not found, and the key stays a good one (%i)', async (unknownZone) => {
    const { stage, held, zone } = await open([], { unknownZone });
    held.contract = 'of somebody else';

    expect(await failing(stage.open().getRecordSets(zone, 'all', signal))).toMatchObject({ code: 'zone_not_found', detail: expect.any(String) });
    expect(await stage.open().checkCredential('example.com', signal)).toMatchObject({ valid: true, code: 'zone_not_found', zones: [] });
  });

  it('401 to a write of a zone that the key lists is a missing permission', async () => {
    const { stage, zone } = await open();
    world.fake.fail({ fault: { status: 401, text: '[{"code":"UNAUTHORIZED"}]' }, only: ({ method }) => method === 'POST' });

    expect(await failing(stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.1'])))).toMatchObject({ code: 'missing_permission', detail: expect.any(String) });
  });
});

describe('keys', () => {
  it('have the form of the page', async () => {
    await open();
    expect(ionosCredential.parse(goodToken)).toBe(goodToken);
  });

  it.each([goodToken.replace('.', ':'), goodToken.split('.')[1]!, `${goodToken}\n`, `${goodToken}.more`, `Bearer ${goodToken}`])('of another form are refused without repeating them (%#)', async (token) => {
    await open();
    expect(formRefusal(world.provider, token)).toMatch(/^credential_format: .*prefix.secret/);
  });

  it('a token of IONOS Cloud is told that it is one', async () => {
    await open();
    expect(() => ionosCredential.parse('eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJmYWtlIn0.c2lnbmF0dXJl')).toThrow(expect.objectContaining({ detail: expect.stringContaining('IONOS Cloud') }));
  });

  it('there is one kind; it gets everything done, and is wider than needed', async () => {
    const { stage, held } = await open();

    const finding = await stage.connectsAndRemoves(goodToken, apex, setOf(apex, 'www', 'A', ['192.0.2.1']));

    expect(finding).toMatchObject({ valid: true, code: null, zones: [{ id: held.id, apex }], may: ['list_zones', 'read_records', 'write_records'], widerThanNeeded: expect.stringContaining('whole contract') });
    expect(held.records.map(({ type }) => type)).toEqual(['SOA', 'NS', 'NS', 'NS', 'NS']);
  });

  it('a refusal of the gateway, which is an object, is one of the key', async () => {
    const { stage } = await open([], { gateway: true });

    expect(await stage.open({ token: world.wrongToken }).checkCredential(null, signal)).toMatchObject({ valid: false, code: 'rejected_credential' });
  });

  it('a limit that says nothing of its time is one of a minute', async () => {
    const { stage, zone } = await open([], { rate: { calls: 0 } });

    expect(await stage.open().getRecordSets(zone, 'all', signal).catch((error: unknown) => error)).toMatchObject({ code: 'rate_limited', retryAfterMs: 60_000 });
  });
});
