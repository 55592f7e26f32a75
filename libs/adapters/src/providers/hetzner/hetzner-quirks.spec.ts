import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ownerName, secret, type RecordSet } from '@connect/domain';
import { openProvider } from '../../base/index.js';
import { changeTo, deletion, failing, find, setOf, withValue, written } from '../../conformance/index.js';
import type { ProviderAdapter, Zone } from '../../spi/index.js';
import { goodToken, hetznerWorld, setsOf, type HetznerWorld } from './hetzner-world.fake.js';
import type { FakeZone, FakeZoneInput, HetznerFakeOptions } from './hetzner.fake.js';
import { hetzner } from './index.js';

const signal = new AbortController().signal;
const apex = ownerName('example.com');
const www = ownerName('www.example.com');
let world: HetznerWorld;

async function start(options: Partial<HetznerFakeOptions> = {}, zone: Partial<FakeZoneInput> = {}): Promise<{ adapter: ProviderAdapter; zone: Zone; held: FakeZone }> {
  await world.stop();
  world = await hetznerWorld(options);
  const held = world.fake.addZone({ name: 'example.com', ...zone });
  return { adapter: open(), zone: { id: `${held.id}`, apex }, held };
}
function open(token = goodToken): ProviderAdapter {
  return openProvider(hetzner, secret(token), world.portsFor(token));
}
const search = (hostname: string, zone: string | null = null): Parameters<ProviderAdapter['findZone']>[0] => ({ hostname: ownerName(hostname), apex, zone });
const calls = (): string[] => world.fake.requests.map(({ method, path }) => `${method} ${path.replace('/v1', '')}`);
const writes = (): string[] => calls().filter((call) => !call.startsWith('GET')).map((call) => call.replace(/\/zones\/\d+/, ''));
const at = (held: FakeZone, name: string, type: string): RecordSet | null => find(setsOf(held), ownerName(name === '' ? 'example.com' : `${name}.example.com`), type);

beforeEach(async () => { world = await hetznerWorld(); });
afterEach(() => world.stop());

describe('the credential', () => {
  it('of a customer whose project holds only the zone reaches a written record, in five calls', async () => {
    const { zone } = await start();
    const adapter = open();

    expect(await adapter.findZone(search('shop.example.com'), signal)).toEqual(zone);
    const reading = await adapter.getRecordSets(zone, [ownerName('shop.example.com')], signal);
    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'shop', 'CNAME', ['target.example.net.']))], reading, signal);

    expect(outcome?.status).toBe('applied');
    expect(calls().map((call) => call.replace(/\d{9,}/, '{id}').replace(/\/\d+/, '/{zone}'))).toEqual(['GET /zones/shop.example.com', 'GET /zones/example.com', 'GET /zones/{zone}/rrsets', 'POST /zones/{zone}/rrsets', 'GET /actions/{id}']);
    expect(await adapter.checkCredential('example.com', signal)).toMatchObject({ valid: true, code: null, widerThanNeeded: null });
  });

  it('of the DNS Console is told what has become of it, and what to do', () => {
    expect(() => hetzner.checkForm('a'.repeat(32))).toThrow(expect.objectContaining({ code: 'credential_format', detail: expect.stringMatching(/DNS Console, which ended in May 2026.*Hetzner Console.*Security, API tokens, Read & Write/) }));
    expect(() => hetzner.checkForm('a'.repeat(63))).toThrow(expect.objectContaining({ detail: expect.not.stringContaining('DNS Console') }));
  });

  it('that has Read only is missing_permission at the write', async () => {
    const { adapter, zone } = await start({ credential: [{ value: goodToken, readOnly: true }] });

    expect(await adapter.checkCredential('example.com', signal)).toMatchObject({ valid: true, code: null });
    expect((await failing(written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))]))).code).toBe('missing_permission');
  });

  it('whose project holds servers and other zones is wider than needed, and is told the narrower way', async () => {
    await start({ servers: 3 });
    world.fake.addZone({ name: 'example.org' });

    expect((await open().checkCredential('example.com', signal)).widerThanNeeded).toMatch(/2 zones and 3 servers.*project of its own/);
  });

  it('of another project is valid, and the zone is not there', async () => {
    await start({}, { project: 'another' });

    expect(await open().checkCredential('example.com', signal)).toMatchObject({ valid: true, code: 'zone_not_found' });
  });
});

describe('finding the zone', () => {
  it('goes by its name or by its id, and checks both', async () => {
    const { zone, held } = await start();
    const other = world.fake.addZone({ name: 'example.org' });

    expect(await open().findZone(search('www.example.com', `${held.id}`), signal)).toEqual(zone);
    expect(await open().findZone(search('www.example.com', 'Example.com'), signal)).toEqual(zone);
    expect((await failing(open().findZone(search('www.example.com', `${other.id}`), signal))).code).toBe('zone_not_found');
  });

  it('goes on where a name that cannot be a zone is answered as a wrong one', async () => {
    const { zone } = await start();
    world.fake.fail({ fault: { status: 422, text: '{"error":{"code":"invalid_input","message":"invalid name","details":null}}' } });

    expect(await open().findZone(search('www.example.com'), signal)).toEqual(zone);
  });

  it('refuses a secondary zone: it is copied from another server', async () => {
    await start({}, { mode: 'secondary' });

    expect((await failing(open().findZone(search('www.example.com'), signal))).code).toBe('zone_not_writable');
    expect(await open().checkCredential('example.com', signal)).toMatchObject({ valid: true, code: 'zone_not_writable', zones: [] });
  });
});

describe('a change', () => {
  it('is done when its action is, and not before', async () => {
    const { adapter, zone, held } = await start({ pollsUntilDone: 4, appliesAtEnd: true });

    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))])).toEqual(['applied']);
    expect(calls().filter((call) => call.startsWith('GET /actions'))).toHaveLength(4);
    expect(at(held, 'www', 'A')?.values).toEqual(['192.0.2.1']);
  });

  it('waits for one action before the next, where a running one locks the zone', async () => {
    const { adapter, zone } = await start({ pollsUntilDone: 3, locks: true });

    expect(await written(adapter, zone, (reading) => ['a', 'b', 'c'].map((name) => changeTo(reading, setOf(apex, name, 'A', ['192.0.2.1']))))).toEqual(['applied', 'applied', 'applied']);
  });

  it('that was taken on and failed is refused by the action’s code', async () => {
    const { adapter, zone, held } = await start();
    world.fake.failNextAction('conflict');

    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))])).toEqual(['zone_changed']);
    expect(at(held, 'www', 'A')).toBeNull();
  });

  it('that was taken on and failed without a known reason is unknown', async () => {
    const { adapter, zone } = await start();
    world.fake.failNextAction('action_failed');

    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))])).toEqual(['outcome_unknown']);
  });

  it('that is still under way after half a minute is unknown', async () => {
    const { adapter, zone } = await start({ pollsUntilDone: 1_000 });

    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))])).toEqual(['outcome_unknown']);
  });

  it('whose action nobody can see any more is unknown, never applied', async () => {
    const { adapter, zone } = await start({ faults: [{ fault: { status: 503, text: '{"error":{"code":"maintenance","message":"","details":null}}' }, only: ({ path }) => path.includes('/actions/') }] });

    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))])).toEqual(['outcome_unknown']);
  });

  it('of one value leaves what somebody adds between look and write', async () => {
    const { adapter, zone, held } = await start({ betweenCheckAndWrite: () => Promise.resolve(world.fake.addRrset(held, { name: 'www', type: 'TXT', values: ['"theirs"'] })) }, { rrsets: [{ name: 'www', type: 'TXT', values: ['"old"'] }] });

    expect(await written(adapter, zone, (reading) => [changeTo(reading, { ...find(reading.recordSets, www, 'TXT')!, values: ['"ours"'] })])).toEqual(['applied']);
    expect(at(held, 'www', 'TXT')?.values).toEqual(['"theirs"', '"ours"']);
    expect(writes()).toEqual(['POST /rrsets/www/TXT/actions/add_records', 'POST /rrsets/www/TXT/actions/remove_records']);
  });

  it('that deletes a set leaves what somebody adds between look and write', async () => {
    const { adapter, zone, held } = await start({ betweenCheckAndWrite: () => Promise.resolve(world.fake.addRrset(held, { name: 'www', type: 'TXT', values: ['"theirs"'] })) }, { rrsets: [{ name: 'www', type: 'TXT', values: ['"ours"'] }] });

    expect(await written(adapter, zone, (reading) => [deletion(reading, www, 'TXT')])).toEqual(['applied']);
    expect(at(held, 'www', 'TXT')?.values).toEqual(['"theirs"']);
  });

  it('that creates a set which somebody else has made meanwhile is zone_changed', async () => {
    const { adapter, zone, held } = await start();
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    world.fake.addRrset(held, { name: 'www', type: 'TXT', values: ['"theirs"'] });

    expect((await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'TXT', ['"ours"']))], reading, signal))[0]?.code).toBe('zone_changed');
    expect(at(held, 'www', 'TXT')?.values).toEqual(['"theirs"']);
  });

  it.each(['uniqueness_error', 'invalid_input'] as const)('that adds a value which somebody else has added meanwhile is zone_changed, whether they call it %s', async (duplicateValue) => {
    const { adapter, zone, held } = await start({ duplicateValue }, { rrsets: [{ name: 'www', type: 'TXT', values: ['"old"'] }] });
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    world.fake.addRrset(held, { name: 'www', type: 'TXT', values: ['"ours"'] });

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, withValue(find(reading.recordSets, www, 'TXT')!, '"ours"'))], reading, signal);

    expect(outcome?.code).toBe('zone_changed');
  });

  it('that removes what is gone already is applied', async () => {
    const { adapter, zone, held } = await start({}, { rrsets: [{ name: 'www', type: 'A', values: ['192.0.2.1'] }] });
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    held.rrsets = held.rrsets.filter(({ name }) => name !== 'www');

    expect((await adapter.applyChanges(zone, [deletion(reading, www, 'A')], reading, signal))[0]?.status).toBe('applied');
  });

  it('of a set that is gone meanwhile is zone_changed', async () => {
    const { adapter, zone, held } = await start({}, { rrsets: [{ name: 'www', type: 'A', ttl: 300, values: ['192.0.2.1'] }] });
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    held.rrsets = held.rrsets.filter(({ name }) => name !== 'www');

    expect((await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1'], 600))], reading, signal))[0]?.code).toBe('zone_changed');
  });

  it('of which one call was carried out and the next one refused is unknown', async () => {
    const { adapter, zone, held } = await start({ faults: [{ fault: { status: 423, text: '{"error":{"code":"locked","message":"","details":null}}' }, only: ({ path }) => path.endsWith('/remove_records') }] }, { rrsets: [{ name: 'www', type: 'A', ttl: 300, values: ['192.0.2.1'] }] });

    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.2']))])).toEqual(['outcome_unknown']);
    expect(at(held, 'www', 'A')?.values).toEqual(['192.0.2.1', '192.0.2.2']);
  });

  it('keeps labels and comments of the set', async () => {
    const { adapter, zone, held } = await start({}, { rrsets: [{ name: 'www', type: 'A', ttl: 300, values: ['192.0.2.1'] }] });
    const rrset = held.rrsets.find(({ name }) => name === 'www')!;
    Object.assign(rrset, { labels: { team: 'web' }, records: [{ value: '192.0.2.1', comment: 'theirs' }] });

    await written(adapter, zone, (reading) => [changeTo(reading, withValue(find(reading.recordSets, www, 'A')!, '192.0.2.2'))]);

    expect(rrset).toMatchObject({ labels: { team: 'web' }, records: [{ value: '192.0.2.1', comment: 'theirs' }, { value: '192.0.2.2' }] });
  });

  it('of a protected set is refused before anything is sent', async () => {
    const { adapter, zone } = await start({}, { rrsets: [{ name: 'www', type: 'A', values: ['192.0.2.1'], isProtected: true }] });

    expect(await written(adapter, zone, (reading) => [deletion(reading, www, 'A')])).toEqual(['unsupported']);
    expect(writes()).toEqual([]);
  });

  it.each([['CNAME', ''], ['ALIAS', ''], ['NAPTR', 'x'], ['SSHFP', 'x'], ['LOC', 'x']])('of type %s at "%s" is refused before anything is sent', async (type, name) => {
    const { adapter, zone } = await start();

    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, name, type, ['target.example.net.']))])).toEqual(['unsupported']);
    expect(writes()).toEqual([]);
  });
});

describe('records', () => {
  it('without a TTL of their own have that of the zone, and keep none while their values change', async () => {
    const { adapter, zone, held } = await start({}, { ttl: 7_200, rrsets: [{ name: 'www', type: 'A', ttl: null, values: ['192.0.2.1'] }] });

    expect(await written(adapter, zone, ({ recordSets }) => {
      const before = find(recordSets, www, 'A')!;
      expect(before.ttlSeconds).toBe(7_200);
      return [{ ownerName: www, type: 'A', before, after: withValue(before, '192.0.2.2') }];
    })).toEqual(['applied']);
    expect(held.rrsets.find(({ name }) => name === 'www')!.ttl).toBeNull();
  });

  it('whose targets are relative to the zone are read absolute, and named literally where they are removed', async () => {
    const { adapter, zone, held } = await start({}, { rrsets: [{ name: '@', type: 'MX', values: ['10 mail', '20 MAIL2.example.net.'] }] });

    expect(await written(adapter, zone, (reading) => {
      expect(find(reading.recordSets, apex, 'MX')!.values).toEqual(['10 mail.example.com.', '20 mail2.example.net.']);
      return [deletion(reading, apex, 'MX')];
    })).toEqual(['applied']);
    expect(at(held, '', 'MX')).toBeNull();
  });

  it('of more than a page are read whole', async () => {
    const { adapter, zone } = await start({}, { rrsets: Array.from({ length: 250 }, (_, index) => ({ name: `h${index}`, type: 'A', values: ['192.0.2.1'] })) });

    expect((await adapter.getRecordSets(zone, 'all', signal)).recordSets).toHaveLength(252);
  });
});

describe('a bad day', () => {
  it('a lost answer after the write is unknown, and a look shows it written', async () => {
    const { adapter, zone, held } = await start({ faults: [{ fault: 'lost', only: ({ method }) => method === 'POST' }] });

    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))])).toEqual(['outcome_unknown']);
    expect(at(held, 'www', 'A')?.values).toEqual(['192.0.2.1']);
  });

  it('a spent project is rate_limited for a moment', async () => {
    const { adapter, zone } = await start({ rate: { limit: 2, perSecond: 0.001 } });
    await adapter.getRecordSets(zone, [www], signal);
    await adapter.getRecordSets(zone, [www], signal);

    expect(await failing(adapter.getRecordSets(zone, [www], signal))).toMatchObject({ code: 'rate_limited', retryAfterMs: 10_000 });
  });

  it('a list that ends before its count is read again later', async () => {
    const { adapter, zone } = await start();
    world.fake.fail({ fault: { status: 200, text: JSON.stringify({ rrsets: [], meta: { pagination: { page: 1, per_page: 100, previous_page: null, next_page: null, last_page: 1, total_entries: 3 } } }) } });

    expect((await failing(adapter.getRecordSets(zone, 'all', signal))).code).toBe('provider_unavailable');
  });
});
