import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ownerName, recordValue, secret } from '@connect/domain';
import { openProvider } from '../../base/index.js';
import { changeTo, deletion, failing, setOf, written } from '../../conformance/index.js';
import type { ProviderAdapter, Zone } from '../../spi/index.js';
import { cloudflareWorld, goodToken, setsOf, type CloudflareWorld } from './cloudflare-world.fake.js';
import type { CloudflareFakeOptions, FakeZone, FakeZoneInput } from './cloudflare.fake.js';
import { cloudflare } from './index.js';

const signal = new AbortController().signal;
const apex = ownerName('example.com');
let world: CloudflareWorld;

async function start(options: Partial<CloudflareFakeOptions> = {}, zone: Partial<FakeZoneInput> = {}): Promise<{ adapter: ProviderAdapter; zone: Zone; held: FakeZone }> {
  await world.stop();
  world = await cloudflareWorld(options);
  const held = world.fake.addZone({ name: 'example.com', ...zone });
  return { adapter: open(), zone: { id: held.id, apex }, held };
}
function open(token = goodToken): ProviderAdapter {
  return openProvider(cloudflare, secret(token), world.portsFor(token));
}
const search = (hostname: string, zone: string | null = null): Parameters<ProviderAdapter['findZone']>[0] => ({ hostname: ownerName(hostname), apex, zone });

beforeEach(async () => { world = await cloudflareWorld(); });
afterEach(() => world.stop());

describe('the credential', () => {
  it('of a customer who followed the page to the letter reaches a written record, in three calls', async () => {
    const token = 'cfut_narrowABCDEFGHIJ0123456789abcdefghijABCDEF';
    const { zone } = await start({ credential: [{ value: token, zones: ['example.com'], permissions: ['#dns_records:edit', '#dns_records:read', '#zone:read'] }] });
    const adapter = open(token);

    expect(await adapter.findZone(search('shop.example.com'), signal)).toEqual(zone);
    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'shop', 'CNAME', ['target.example.net.']))])).toEqual(['applied']);
    expect(world.fake.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST']);
    expect(await adapter.checkCredential('example.com', signal)).toMatchObject({ valid: true, code: null, may: ['list_zones', 'read_records', 'write_records'], widerThanNeeded: null });
  });

  it('is checked for what it may do, how wide it is and when it ends', async () => {
    await start({ credential: [{ value: goodToken, expiresOn: '2027-01-01T00:00:00Z', permissions: ['#dns_records:edit', '#dns_records:read', '#zone:read', '#zone:edit'] }] });
    world.fake.addZone({ name: 'example.org' });

    const finding = await open().checkCredential(null, signal);

    expect(finding).toMatchObject({ valid: true, zonesComplete: true, expiresAt: '2027-01-01T00:00:00Z' });
    expect(finding.zones).toHaveLength(2);
    expect(finding.widerThanNeeded).toMatch(/2 zones.*1 more permission/);
  });

  it('that may read only is valid, and says that DNS edit is missing', async () => {
    await start({ credential: [{ value: goodToken, permissions: ['#dns_records:read', '#zone:read'] }] });

    expect(await open().checkCredential('example.com', signal)).toMatchObject({ valid: true, code: 'missing_permission', may: ['list_zones', 'read_records'] });
  });

  it('of an account is not taken for a bad one by the endpoint for users', async () => {
    await start({ credential: [{ value: goodToken, owner: 'account', expiresOn: '2027-02-01T00:00:00Z' }] });

    expect(await open().checkCredential('example.com', signal)).toMatchObject({ valid: true, code: null, expiresAt: '2027-02-01T00:00:00Z' });
  });

  it('that is unknown is told apart from one without the permission, on record paths as well', async () => {
    const { zone } = await start({ credential: [{ value: goodToken, permissions: ['#zone:read'] }] });

    expect((await failing(open().getRecordSets(zone, 'all', signal))).code).toBe('missing_permission');
    expect((await failing(open(world.wrongToken).getRecordSets(zone, 'all', signal))).code).toBe('rejected_credential');
  });

  it('that is the global key is refused with the right form, at the form or by the header', async () => {
    const { zone } = await start();

    expect(() => cloudflare.checkForm('cfk_0123456789')).toThrow('it needs an API token made from the template "Edit zone DNS"');
    expect((await failing(open('c2547eb745079dac9320b638f5e225cf48').getRecordSets(zone, 'all', signal))).code).toBe('rejected_credential');
  });
});

describe('finding the zone', () => {
  it('takes the longest of several zones in one call', async () => {
    await start();
    const deep = world.fake.addZone({ name: 'shop.example.com' });
    world.fake.addZone({ name: 'notexample.com' });

    expect((await open().findZone(search('a.shop.example.com'), signal)).id).toBe(deep.id);
    expect(world.fake.requests).toHaveLength(1);
  });

  it('walks from name to name where a narrow token is refused the question', async () => {
    const { zone } = await start({ strictScope: true, credential: [{ value: goodToken, zones: ['example.com'] }] });

    expect(await open().findZone(search('www.shop.example.com'), signal)).toEqual(zone);
    expect((await failing(open().findZone({ hostname: ownerName('www.example.org'), apex: ownerName('example.org'), zone: null }, signal))).code).toBe('missing_permission');
  });

  it('prefers the active full zone and refuses to guess between two', async () => {
    const { zone } = await start();
    world.fake.addZone({ name: 'example.com', status: 'moved' });
    world.fake.addZone({ name: 'example.com', type: 'internal' });
    expect(await open().findZone(search('example.com'), signal)).toEqual(zone);

    world.fake.addZone({ name: 'example.com' });
    expect((await failing(open().findZone(search('example.com'), signal))).code).toBe('zone_ambiguous');
  });

  it.each([['pending', 'full'], ['initializing', 'full'], ['moved', 'full'], ['active', 'partial'], ['active', 'secondary']])('passes over a sub-domain in the status %s of type %s: its name is served by the parent', async (status, type) => {
    const { zone } = await start();
    const deep = world.fake.addZone({ name: 'shop.example.com', status, type });

    expect(await open().findZone(search('www.shop.example.com'), signal)).toEqual(zone);
    expect(await open().findZone(search('example.com'), signal)).toEqual(zone);
    if (status === 'pending') expect((await open().findZone(search('www.shop.example.com', deep.id), signal)).id).toBe(deep.id);
  });

  it('walks on from one that is not served', async () => {
    const { zone } = await start({ strictScope: true, credential: [{ value: goodToken, zones: ['example.com', 'shop.example.com'] }] });
    world.fake.addZone({ name: 'shop.example.com', status: 'pending' });

    expect(await open().findZone(search('www.shop.example.com'), signal)).toEqual(zone);
  });

  it('writes into the longest pending one where none is served', async () => {
    await start({}, { status: 'pending' });
    const deep = world.fake.addZone({ name: 'shop.example.com', status: 'pending' });

    expect((await open().findZone(search('www.shop.example.com'), signal)).id).toBe(deep.id);
  });

  it.each([['secondary', 'active'], ['partial', 'active'], ['full', 'moved']])('refuses a zone of type %s in status %s: what is written there is not served', async (type, status) => {
    await start({}, { type, status });

    expect((await failing(open().findZone(search('example.com'), signal))).code).toBe('zone_not_writable');
  });

  it('checks a zone id that the caller gives', async () => {
    const { zone, held } = await start();
    const other = world.fake.addZone({ name: 'example.org' });

    expect(await open().findZone(search('www.example.com', held.id), signal)).toEqual(zone);
    expect((await failing(open().findZone(search('www.example.com', other.id), signal))).code).toBe('zone_not_found');
    expect((await failing(open().findZone(search('www.example.com', 'f'.repeat(32)), signal))).code).toBe('zone_not_found');
  });
});

describe('records', () => {
  it('of another product (read_only) are read and never changed', async () => {
    const { adapter, zone, held } = await start({}, { records: [{ name: 'example.com', type: 'MX', content: 'route1.mx.cloudflare.net', priority: 86, meta: { read_only: true } }] });
    const before = structuredClone(held.records);

    expect(await written(adapter, zone, (reading) => [deletion(reading, apex, 'MX')])).toEqual(['unsupported']);
    expect(held.records).toEqual(before);
  });

  it('of another product stand in nobody’s way: texts beside a locked one come and go', async () => {
    const { adapter, zone, held } = await start({}, { records: [{ name: 'example.com', type: 'TXT', content: '"v=spf1 include:_spf.mx.cloudflare.net ~all"', meta: { read_only: true } }] });
    const before = structuredClone(held.records);
    const spf = '"v=spf1 include:_spf.mx.cloudflare.net ~all"';

    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, '', 'TXT', [spf, '"ours"']))])).toEqual(['applied']);
    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, '', 'TXT', ['"v=spf1 include:saas.example ~all"', '"ours"']))])).toEqual(['unsupported']);
    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, '', 'TXT', [spf, '"ours"'], 600))])).toEqual(['unsupported']);
    expect(held.records.map(({ content }) => content)).toEqual([spf, '"ours"']);
    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, '', 'TXT', [spf]))])).toEqual(['applied']);
    expect(held.records).toEqual(before);
  });

  it('that are proxied are shown so, keep their proxy and their automatic TTL, and take no other TTL', async () => {
    const { adapter, zone, held } = await start({}, { records: [{ name: 'www', type: 'A', content: '192.0.2.1', proxied: true }] });
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    const set = reading.recordSets[0]!;
    expect(set).toMatchObject({ proxied: true, ttlSeconds: 300 });

    expect(await written(adapter, zone, () => [{ ownerName: set.ownerName, type: 'A', before: set, after: { ...set, ttlSeconds: 3600 } }])).toEqual(['unsupported']);
    expect(await written(adapter, zone, () => [{ ownerName: set.ownerName, type: 'A', before: set, after: { ...set, values: ['192.0.2.1', '192.0.2.2'] } }])).toEqual(['applied']);
    expect(held.records.map(({ content, proxied, ttl }) => [content, proxied, ttl])).toEqual([['192.0.2.1', true, 1], ['192.0.2.2', true, 1]]);
  });

  it('that we put in the place of proxied ones are not proxied', async () => {
    const { adapter, zone, held } = await start({}, { records: [{ name: 'www', type: 'A', content: '192.0.2.1', proxied: true }] });

    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.9']))])).toEqual(['applied']);
    expect(held.records.map(({ content, proxied }) => [content, proxied])).toEqual([['192.0.2.9', false]]);
  });

  it('keep comment, tags and settings when their value changes', async () => {
    const { adapter, zone, held } = await start({}, { records: [{ name: 'www', type: 'CNAME', content: 'old.example.net', comment: 'theirs', tags: ['a:b'], settings: { flatten_cname: true } }] });

    await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'www', 'CNAME', ['new.example.net.']))]);

    expect(held.records[0]).toMatchObject({ content: 'new.example.net', comment: 'theirs', tags: ['a:b'], settings: { flatten_cname: true } });
  });

  it('change their type by a delete and a create in one batch', async () => {
    const { adapter, zone, held } = await start({}, { records: [{ name: 'www', type: 'A', content: '192.0.2.1' }] });

    expect(await written(adapter, zone, (reading) => [deletion(reading, ownerName('www.example.com'), 'A'), changeTo(reading, setOf(apex, 'www', 'CNAME', ['t.example.net.']))])).toEqual(['applied', 'applied']);
    expect(held.records.map(({ type }) => type)).toEqual(['CNAME']);
    expect(world.fake.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('may be a CNAME at the apex, which is flattened', async () => {
    const { adapter, zone, held } = await start();

    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, '', 'CNAME', ['t.example.net.']))])).toEqual(['applied']);
    expect(setsOf(held.records)).toEqual([{ ownerName: apex, type: 'CNAME', ttlSeconds: 300, values: ['t.example.net.'] }]);
  });

  it('are never made twice: the same record by somebody else in between is zone_changed', async () => {
    const { adapter, zone, held } = await start();
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    world.fake.addZone({ name: 'example.com', id: 'scratch', records: [{ name: 'www', type: 'A', content: '192.0.2.1' }] });
    held.records.push(...world.fake.zones.get('scratch')!.records);

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))], reading, signal);

    expect(outcome).toMatchObject({ status: 'refused', code: 'zone_changed' });
    expect(held.records).toHaveLength(1);
  });

  it('beyond the quota are zone_full, and nothing is half-written', async () => {
    const { adapter, zone, held } = await start({}, { quota: 2 });

    const refusal = await failing(written(adapter, zone, (reading) => ['a', 'b', 'c'].map((name) => changeTo(reading, setOf(apex, name, 'A', ['192.0.2.1'])))));

    expect(refusal.code).toBe('zone_full');
    expect(held.records).toEqual([]);
  });

  it.each([['""', 'TXT'], [`"${'x'.repeat(255)}" `.repeat(8), 'TXT']])('that they refuse are refused before anything is sent (%#)', async (value, type) => {
    const { adapter, zone } = await start();

    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'x', type, [recordValue(type, value)]))])).toEqual(['unsupported']);
    expect(world.fake.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('200 of them go in one call after one look', async () => {
    const { adapter, zone, held } = await start({ maxPerPage: 5_000 });

    const outcomes = await written(adapter, zone, (reading) => Array.from({ length: 200 }, (_, at) => changeTo(reading, setOf(apex, `h${at}`, 'CNAME', ['t.example.net.']))));

    expect(outcomes.every((each) => each === 'applied')).toBe(true);
    expect(held.records).toHaveLength(200);
    expect(world.fake.requests).toHaveLength(2);
  });
});

describe('a bad day', () => {
  it('a lost answer after the write is unknown, and a look shows it written', async () => {
    const { adapter, zone, held } = await start({ faults: [{ fault: 'lost', only: ({ method }) => method === 'POST' }] });

    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))])).toEqual(['outcome_unknown']);
    expect(held.records).toHaveLength(1);
  });

  it('a page with fewer records than it says is not taken for the zone', async () => {
    const { adapter, zone } = await start({}, { records: [1, 2, 3].map((at) => ({ name: `h${at}`, type: 'A', content: '192.0.2.1' })) });
    const page = { result: [], result_info: { page: 1, per_page: 100, total_pages: 1, count: 3, total_count: 3 }, success: true, errors: [], messages: [] };
    world.fake.fail({ fault: { status: 200, text: JSON.stringify(page) } });

    expect((await failing(adapter.getRecordSets(zone, 'all', signal))).code).toBe('provider_protocol');
  });

  it('a list that ends before its count is read again later', async () => {
    const { adapter, zone } = await start();
    const page = { result: [{ id: 'a', name: 'example.com', type: 'A', content: '192.0.2.1', ttl: 1 }], result_info: { page: 1, per_page: 100, total_pages: 1, count: 1, total_count: 3 }, success: true, errors: [], messages: [] };
    world.fake.fail({ fault: { status: 200, text: JSON.stringify(page) } });

    expect((await failing(adapter.getRecordSets(zone, 'all', signal))).code).toBe('provider_unavailable');
  });

  it('the budget of five minutes used up is rate_limited, with the time to wait', async () => {
    const { adapter, zone } = await start({ rate: { calls: 2, windowMs: 300_000 } });
    await adapter.getRecordSets(zone, 'all', signal);
    await adapter.getRecordSets(zone, 'all', signal);

    const error = await failing(adapter.getRecordSets(zone, 'all', signal));

    expect(error.code).toBe('rate_limited');
    expect(error.retryAfterMs).toBeGreaterThan(200_000);
  });

  it('a record that somebody deleted between check and write makes the batch stale, and takes nothing foreign with it', async () => {
    const { adapter, zone, held } = await start({}, { records: [{ name: 'www', type: 'A', content: '192.0.2.1' }, { name: 'mail', type: 'A', content: '192.0.2.2' }] });
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    held.records.shift();

    const [outcome] = await adapter.applyChanges(zone, [deletion(reading, ownerName('www.example.com'), 'A')], reading, signal);

    expect(outcome?.code).toBe('zone_changed');
    expect(held.records.map(({ name }) => name)).toEqual(['mail.example.com']);
  });

  it('a foreign record made in the pause of a racy server survives', async () => {
    const { adapter, zone, held } = await start({
      betweenCheckAndWrite: () => {
        world.fake.addZone({ name: 'example.com', id: 'scratch', records: [{ name: 'www', type: 'TXT', content: '"theirs"' }] });
        held.records.push(...world.fake.zones.get('scratch')!.records);
        return Promise.resolve();
      },
    });

    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'www', 'TXT', ['"ours"']))])).toEqual(['applied']);
    expect(held.records.map(({ content }) => content)).toEqual(['"theirs"', '"ours"']);
  });
});
