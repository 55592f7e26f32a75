import { afterEach, describe, expect, it } from '@jest/globals';
import { ownerName, type RecordSet } from '@connect/domain';
import { Stage, beforeEachWrite, changeTo, deletion, setOf } from '../../conformance/index.js';
import { godaddyWorld, goodKey, goodToken, type GodaddyWorld } from './godaddy-world.fake.js';
import type { FakeDomain, FakeRecord } from './godaddy-records.fake.js';

/** Calls that take away more than they name are never made, and what both versions have in place of an update. */
const signal = new AbortController().signal;
const apex = ownerName('example.com.');
const zone = { id: 'example.com', apex };
const records: FakeRecord[] = [
  { type: 'A', name: 'www', data: '192.0.2.1', ttl: 600 },
  { type: 'A', name: 'www', data: '192.0.2.2', ttl: 600 },
  { type: 'CNAME', name: 'blog', data: 'old.example.net', ttl: 600 },
  { type: 'MX', name: '@', data: 'a.example.net', ttl: 600, priority: 10 },
  { type: 'MX', name: '@', data: 'b.example.net', ttl: 600, priority: 20 },
  { type: 'SRV', name: '@', service: '_sip', protocol: '_tcp', data: 'sip.example.net', ttl: 600, priority: 1, weight: 2, port: 5060 },
  { type: 'TXT', name: '@', data: 'theirs', ttl: 600 },
];

let world: GodaddyWorld;
afterEach(() => world.stop());

async function open(token: string, seed = records): Promise<{ stage: Stage; domain: FakeDomain }> {
  world = await godaddyWorld({ token, zones: [{ domain: 'example.com', records: seed }] });
  return { stage: new Stage(world), domain: world.fake.domains.get('example.com')! };
}

async function write(stage: Stage, wanted: readonly RecordSet[], options: Parameters<Stage['open']>[0] = {}): Promise<(string | null)[]> {
  const adapter = stage.open(options);
  const reading = await adapter.getRecordSets(zone, 'all', signal);
  const changes = wanted.map((set) => (set.values.length === 0 ? deletion(reading, set.ownerName, set.type) : changeTo(reading, set)));
  return (await adapter.applyChanges(zone, changes, reading, signal)).map(({ status, code }) => code ?? status);
}

const writes = (): string[] => world.fake.requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${decodeURIComponent(path).replace(/^\/v\d\/domains\/(zones\/)?example\.com\//, '').replace(/\/\[.*\]$/, '/[id]')}`);
const held = (domain: FakeDomain, type: string): unknown[] => domain.records.filter((record) => record.type === type).map(({ data, priority, ttl }) => [data, priority, ttl].filter((field) => field !== undefined).join(' '));

/** Each kind of change, at once. */
const everyChange = [
  setOf(apex, 'www', 'A', ['192.0.2.1', '192.0.2.3'], 600), setOf(apex, 'blog', 'CNAME', ['new.example.net.'], 600), setOf(apex, '', 'MX', ['20 a.example.net.', '10 b.example.net.'], 3_600),
  setOf(apex, '_sip._tcp', 'SRV', [], 600), setOf(apex, '', 'TXT', ['"theirs"', '"ours"'], 600), setOf(apex, '', 'CAA', ['0 issue "ca.example.net"'], 600),
];

describe('calls that take away more than they name', () => {
  it('v3: the fake wipes the zone at a PUT of a record, as they do', async () => {
    const { domain } = await open(goodToken);
    const list = (await (await fetch(`${world.fake.origin}/v3/domains/zones/example.com/dns-records?type=TXT`, { headers: { authorization: `Bearer ${goodToken}` } })).json()) as { items: { recordId: string }[] };

    await fetch(`${world.fake.origin}/v3/domains/zones/example.com/dns-records/${encodeURIComponent(list.items[0]!.recordId)}`, { method: 'PUT', headers: { authorization: `Bearer ${goodToken}` }, body: JSON.stringify({ type: 'TXT', name: '@', data: 'alone', ttl: 600 }) });

    expect(domain.records).toEqual([{ type: 'TXT', name: '@', data: 'alone', ttl: 600 }]);
  });

  it('v3: is never called, whatever changes', async () => {
    const { stage, domain } = await open(goodToken);

    expect(await write(stage, everyChange)).toEqual(everyChange.map(() => 'applied'));
    expect(new Set(writes())).toEqual(new Set(['POST dns-records', 'DELETE dns-records/[id]']));
    expect(domain.records.filter(({ type }) => ['NS', 'SOA'].includes(type))).toHaveLength(3);
  });

  it('v1: only one type and name is ever replaced or deleted', async () => {
    const { stage, domain } = await open(goodKey);

    expect(await write(stage, everyChange)).toEqual(everyChange.map(() => 'applied'));
    expect(writes().sort()).toEqual(['DELETE records/SRV/@', 'PATCH records', 'PATCH records', 'PUT records/A/www', 'PUT records/CNAME/blog', 'PUT records/MX/@'].sort());
    expect(domain.records.filter(({ type }) => ['NS', 'SOA'].includes(type))).toHaveLength(3);
  });

  it.each([goodKey, goodToken])('leaves the same zone by either way: %#', async (token) => {
    const { stage, domain } = await open(token);

    await write(stage, everyChange);

    expect(['A', 'CNAME', 'MX', 'SRV', 'TXT', 'CAA'].map((type) => held(domain, type).sort())).toEqual([
      ['192.0.2.1 600', '192.0.2.3 600'], ['new.example.net 600'], ['a.example.net 20 3600', 'b.example.net 10 3600'], [], ['ours 600', 'theirs 600'], ['ca.example.net 600'],
    ]);
  });
});

describe('one record for a name, a type and data', () => {
  const caldav: FakeRecord = { type: 'SRV', name: '@', service: '_caldav', protocol: '_tcp', data: 'dav.example.net', ttl: 3_600, priority: 1, weight: 2, port: 443 };
  const caldavs = setOf(apex, '_caldavs._tcp', 'SRV', ['1 2 443 dav.example.net.'], 600);

  it.each([goodKey, goodToken])('a second service at one target is refused for good: %#', async (token) => {
    const { stage, domain } = await open(token, [caldav]);

    expect(await write(stage, [caldavs])).toEqual(['record_invalid']);
    expect(domain.records.filter(({ type }) => type === 'SRV')).toEqual([caldav]);
  });

  it.each([goodKey, goodToken])('two services of one write are so with the next plan at the latest: %#', async (token) => {
    const { stage } = await open(token, []);
    const both = [setOf(apex, '_caldav._tcp', 'SRV', caldavs.values, 600), caldavs];

    expect((await write(stage, both))[0]).toBe('applied');
    expect(await write(stage, both)).toEqual(['applied', 'record_invalid']);
  });

  it.each([goodKey, goodToken])('a service that moves to the target of another stays where it was: %#', async (token) => {
    const { stage, domain } = await open(token, [caldav, { ...caldav, service: '_caldavs', data: 'old.example.net' }]);
    const before = structuredClone(domain.records);

    expect(await write(stage, [caldavs])).toEqual([token === goodKey ? 'unsupported' : 'record_invalid']);
    expect(domain.records).toEqual(before);
    expect(writes().filter((call) => call.startsWith('DELETE'))).toEqual([]);
  });

  it.each([goodKey, goodToken])('two preferences of one host are refused for good, also where the TTL differs: %#', async (token) => {
    const { stage } = await open(token, [{ type: 'MX', name: '@', data: 'a.example.net', ttl: 3_600, priority: 10 }, { type: 'MX', name: '@', data: 'b.example.net', ttl: 600, priority: 20 }]);

    expect(await write(stage, [setOf(apex, '', 'MX', ['10 a.example.net.', '20 b.example.net.', '30 a.example.net.'], 600)])).toEqual(['record_invalid']);
  });

  it('a copy of the very record that gave way is looked at again', async () => {
    const { stage } = await open(goodToken);
    world.fake.fail({ fault: { status: 422, text: '{"name":"DUPLICATE_RECORD"}' }, only: ({ method }) => method === 'POST' });

    expect(await write(stage, [setOf(apex, '', 'TXT', ['"theirs"'], 3_600)])).toEqual(['zone_changed']);
  });
});

describe('with a key', () => {
  it('a value is added without touching the others, also one that came just before', async () => {
    const { stage, domain } = await open(goodKey);
    const faster = beforeEachWrite(() => void world.fake.addRecord(domain, { type: 'TXT', name: '@', data: 'faster', ttl: 600 }));

    expect(await write(stage, [setOf(apex, '', 'TXT', ['"theirs"', '"ours"'], 600)], { ports: faster })).toEqual(['applied']);
    expect(held(domain, 'TXT')).toEqual(['theirs 600', 'faster 600', 'ours 600']);
  });

  it('a set is emptied by a deletion: an empty list is accepted and does nothing', async () => {
    const { stage, domain } = await open(goodKey);

    await fetch(`${world.fake.origin}/v1/domains/example.com/records/TXT/@`, { method: 'PUT', headers: { authorization: `sso-key ${goodKey}` }, body: '[]' });
    expect(held(domain, 'TXT')).toEqual(['theirs 600']);

    expect(await write(stage, [setOf(apex, '', 'TXT', [], 600)])).toEqual(['applied']);
    expect(held(domain, 'TXT')).toEqual([]);
  });

  it('what stays in a set goes back as it came: relics, and fields that are not known', async () => {
    const relic = { type: 'TXT', name: '@', data: ' ', ttl: 3_600, origin: 'theirs' };
    const { stage, domain } = await open(goodKey, [relic, { type: 'TXT', name: '@', data: 'old', ttl: 3_600 }]);

    expect(await write(stage, [setOf(apex, '', 'TXT', ['" "', '"new"'], 3_600)])).toEqual(['applied']);
    expect(domain.records.filter(({ type }) => type === 'TXT')).toEqual([relic, { type: 'TXT', name: '@', data: 'new', ttl: 3_600 }]);
  });

  it('services share a name there: beside another one a record is added, and neither replaced nor deleted', async () => {
    const other: FakeRecord = { type: 'SRV', name: '@', service: '_xmpp', protocol: '_tcp', data: 'chat.example.net', ttl: 600, priority: 1, weight: 2, port: 5222 };
    const { stage, domain } = await open(goodKey, [...records, other]);

    expect(await write(stage, [setOf(apex, '_sip._tcp', 'SRV', ['1 2 5060 sip.example.net.', '2 2 5060 more.example.net.'], 600)])).toEqual(['applied']);
    expect(await write(stage, [setOf(apex, '_sip._tcp', 'SRV', [], 600)])).toEqual(['unsupported']);
    expect(domain.records.filter(({ service }) => service === '_xmpp')).toEqual([other]);
    expect(writes()).toEqual(['PATCH records']);
  });
});

describe('with a token', () => {
  const post = ({ method }: { method: string }): boolean => method === 'POST';

  it('the new record is made before the old one goes', async () => {
    const { stage } = await open(goodToken);

    await write(stage, [setOf(apex, 'www', 'A', ['192.0.2.1', '192.0.2.3'], 600)]);

    expect(writes()).toEqual(['POST dns-records', 'DELETE dns-records/[id]']);
  });

  it.each([['a CNAME', setOf(apex, 'blog', 'CNAME', ['new.example.net.'], 600)], ['another TTL, which is the same record to them', setOf(apex, '', 'TXT', ['"theirs"'], 3_600)]])('%s: the old one has to give way first', async (_, wanted) => {
    const { stage } = await open(goodToken);

    expect(await write(stage, [wanted])).toEqual(['applied']);
    expect(writes()).toEqual(['DELETE dns-records/[id]', 'POST dns-records']);
  });

  it('it comes back as it was if the new one is refused', async () => {
    const { stage, domain } = await open(goodToken);
    world.fake.fail({ fault: { status: 422, text: '{"name":"INVALID_VALUE"}' }, only: post });

    expect(await write(stage, [setOf(apex, '', 'MX', ['30 a.example.net.', '20 b.example.net.'], 600)])).toEqual(['record_invalid']);
    expect(held(domain, 'MX').sort()).toEqual(['a.example.net 10 600', 'b.example.net 20 600']);
  });

  it('and is in doubt if it does not come back', async () => {
    const { stage } = await open(goodToken);
    world.fake.fail({ fault: { status: 422, text: '{"name":"INVALID_VALUE"}' }, only: post, times: 2 });

    expect(await write(stage, [setOf(apex, 'blog', 'CNAME', ['new.example.net.'], 600)])).toEqual(['outcome_unknown']);
  });

  it('preferences that change places are each a record in the place of its own', async () => {
    const { stage, domain } = await open(goodToken);

    expect(await write(stage, [setOf(apex, '', 'MX', ['10 b.example.net.', '20 a.example.net.', '30 c.example.net.'], 600)])).toEqual(['applied']);
    expect(held(domain, 'MX').sort()).toEqual(['a.example.net 20 600', 'b.example.net 10 600', 'c.example.net 30 600']);
  });

  it('two values that are one record to them are refused for good', async () => {
    const { stage, domain } = await open(goodToken);

    expect(await write(stage, [setOf(apex, '', 'MX', ['10 a.example.net.', '20 b.example.net.', '30 a.example.net.'], 600)])).toEqual(['record_invalid']);
    expect(held(domain, 'MX')).toHaveLength(2);
  });

  it('what might not come back does not give way for another TTL', async () => {
    const { stage } = await open(goodToken, [{ type: 'A', name: '@', data: 'Parked', ttl: 600 }]);
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    const [parked] = reading.recordSets.filter(({ type }) => type === 'A');

    expect(await adapter.applyChanges(zone, [changeTo(reading, { ...parked!, values: [...parked!.values, '192.0.2.1'], ttlSeconds: 3_600 })], reading, signal)).toMatchObject([{ status: 'refused', code: 'unsupported' }]);
    expect(writes()).toEqual([]);
  });

  it('a list that counts more records than it holds moved while it was read', async () => {
    const { stage } = await open(goodToken);
    world.fake.fail({ fault: { status: 200, text: '{"items":[],"totalItems":7,"links":[]}' } });

    await expect(stage.open().getRecordSets(zone, 'all', signal)).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  it('ids go encoded: they hold brackets', async () => {
    const { stage } = await open(goodToken);

    await write(stage, [setOf(apex, '', 'TXT', [], 600)]);

    expect(world.fake.requests.at(-1)?.path).toMatch(/\/dns-records\/%5B.+%5D$/);
  });
});
