import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ownerName, secret } from '@connect/domain';
import { openProvider } from '../../base/index.js';
import { changeTo, deletion, failing, setOf, withValue, written } from '../../conformance/index.js';
import type { ProviderAdapter, Zone } from '../../spi/index.js';
import { apiKey, gandiWorld, goodToken, setsOf, type GandiWorld } from './gandi-world.fake.js';
import type { FakeDomain, FakeDomainInput, GandiFakeOptions } from './gandi.fake.js';
import { gandi } from './index.js';

const signal = new AbortController().signal;
const apex = ownerName('example.com');
const www = ownerName('www.example.com');
let world: GandiWorld;

async function start(options: Partial<GandiFakeOptions> = {}, domain: Partial<FakeDomainInput> = {}): Promise<{ adapter: ProviderAdapter; zone: Zone; held: FakeDomain }> {
  await world.stop();
  world = await gandiWorld(options);
  const held = world.fake.addDomain({ name: 'example.com', ...domain });
  return { adapter: open(), zone: { id: 'example.com', apex }, held };
}
function open(token = goodToken): ProviderAdapter {
  return openProvider(gandi, secret(token), world.portsFor(token));
}
const search = (hostname: string, zone: string | null = null): Parameters<ProviderAdapter['findZone']>[0] => ({ hostname: ownerName(hostname), apex, zone });
const calls = (): string[] => world.fake.requests.map(({ method, path }) => `${method} ${path.replace('/v5/livedns', '')}`);
const schemes = (): string[] => world.fake.requests.map(({ headers }) => headers['authorization']!.split(' ')[0]!);

beforeEach(async () => { world = await gandiWorld(); });
afterEach(() => world.stop());

describe('the credential', () => {
  it('of a customer who restricted a personal access token to the domain reaches a written record, in four calls', async () => {
    const { zone } = await start({ credential: [{ value: goodToken, domains: ['example.com'] }] });
    const adapter = open();

    expect(await adapter.findZone(search('shop.example.com'), signal)).toEqual(zone);
    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'shop', 'CNAME', ['target.example.net.']))])).toEqual(['applied']);
    expect(calls()).toEqual(['GET /domains/shop.example.com', 'GET /domains/example.com', 'GET /domains/example.com/records', 'POST /domains/example.com/records/shop/CNAME']);
    expect(await adapter.checkCredential('example.com', signal)).toMatchObject({ valid: true, code: null, widerThanNeeded: null });
  });

  it('of a customer who followed the page with an API key works, and is wider than needed', async () => {
    const { zone, held } = await start({ credential: apiKey });
    const adapter = open(apiKey);

    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))])).toEqual(['applied']);
    expect(setsOf(held)).toContainEqual(setOf(apex, 'www', 'A', ['192.0.2.1']));
    expect(new Set(schemes())).toEqual(new Set(['Apikey']));
    expect(await adapter.checkCredential('example.com', signal)).toMatchObject({ valid: true, expiresAt: null, widerThanNeeded: expect.stringContaining('personal access token') });
  });

  it.each([401, 403] as const)('of an unexpected length is tried under the other scheme once, after %i, and then goes on with it', async (wrongScheme) => {
    const key = `${apiKey}opq`;
    const { zone } = await start({ credential: [{ value: key, apiKey: true }], quirks: { wrongScheme } });
    const adapter = open(key);

    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))])).toEqual(['applied']);
    expect(schemes()).toEqual(['Bearer', 'Apikey', 'Apikey']);
  });

  it('that is unknown is tried twice and no more, and is rejected', async () => {
    const { zone } = await start();
    const adapter = open(world.wrongToken);

    expect((await failing(adapter.getRecordSets(zone, 'all', signal))).code).toBe('rejected_credential');
    expect((await failing(adapter.getRecordSets(zone, 'all', signal))).code).toBe('rejected_credential');
    expect(schemes()).toEqual(['Bearer', 'Apikey', 'Bearer']);
  });

  it('refused, and answered with 500 under the other scheme, keeps its first answer', async () => {
    const { zone } = await start({ credential: [{ value: goodToken, domains: ['example.org'] }], quirks: { outOfReach: 403, wrongScheme: 500 } });

    expect((await failing(open().getRecordSets(zone, 'all', signal))).code).toBe('missing_permission');
  });

  it.each([`${goodToken}!`, `Bearer ${goodToken}`, 'short', ''])('of another form is refused and not repeated (%#)', (token) => {
    expect(() => gandi.checkForm(token)).toThrow(expect.objectContaining({ code: 'credential_format', detail: expect.stringContaining('personal access token of 40 characters') }));
  });

  it('says when it ends', async () => {
    await start({ credential: [{ value: goodToken, endsInSeconds: 86_400 }] });

    const { expiresAt } = await open().checkCredential('example.com', signal);

    expect(Math.abs(Date.parse(expiresAt!) - Date.now() - 86_400_000)).toBeLessThan(60_000);
  });

  it('is good also where nobody says when it ends', async () => {
    await start();
    world.fake.fail({ fault: { status: 503, text: '' }, only: ({ path }) => path === '/tokeninfo' });

    expect(await open().checkCredential('example.com', signal)).toMatchObject({ valid: true, expiresAt: null });
  });

  it('that covers several domains is wider than needed', async () => {
    await start();
    world.fake.addDomain({ name: 'example.org' });

    expect(await open().checkCredential('example.com', signal)).toMatchObject({ valid: true, widerThanNeeded: expect.stringContaining('one domain') });
  });

  it('that may only read is missing_permission at the write', async () => {
    const { adapter, zone } = await start({ credential: [{ value: goodToken, mayWrite: false }] });

    expect((await failing(written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))]))).code).toBe('missing_permission');
  });
});

describe('finding the zone', () => {
  it('walks to the longest name', async () => {
    await start();
    world.fake.addDomain({ name: 'sub.example.com' });

    expect((await open().findZone(search('a.sub.example.com'), signal)).apex).toBe('sub.example.com.');
  });

  it.each([[403, 'missing_permission'], [404, 'zone_not_found']] as const)('a token for another domain, which answers %i, is %s', async (outOfReach, code) => {
    await start({ credential: [{ value: goodToken, domains: ['example.org'] }], quirks: { outOfReach } });
    world.fake.addDomain({ name: 'example.org' });

    expect((await failing(open().findZone(search('www.example.com'), signal))).code).toBe(code);
  });

  it('a restricted token that answers 403 to names which are no zone still finds its own', async () => {
    const { zone } = await start({ credential: [{ value: goodToken, domains: ['example.com'] }], quirks: { outOfReach: 403 } });

    expect(await open().findZone(search('a.b.example.com'), signal)).toEqual(zone);
  });

  it('checks a zone that the caller names', async () => {
    const { zone } = await start();
    world.fake.addDomain({ name: 'example.org' });

    expect(await open().findZone(search('www.example.com', 'Example.com'), signal)).toEqual(zone);
    expect((await failing(open().findZone(search('www.example.com', 'example.org'), signal))).code).toBe('zone_not_found');
  });
});

describe('records', () => {
  const many = Array.from({ length: 250 }, (_, at) => ({ name: `h${at}`, type: 'A', values: ['192.0.2.1'] }));

  it.each([true, false])('of a large zone are read whole, whether the server knows pages (%s) or gives all at once', async (pages) => {
    const { adapter, zone } = await start({ quirks: { pages } }, { rrsets: many });

    expect((await adapter.getRecordSets(zone, 'all', signal)).recordSets).toHaveLength(251);
  });

  it.each(['empty_list', 'not_found'] as const)('of a name without any are none, whether that is an %s', async (emptyName) => {
    const { adapter, zone } = await start({ quirks: { emptyName } });

    expect((await adapter.getRecordSets(zone, [www], signal)).recordSets).toEqual([]);
  });

  it('of a domain that is not there are no empty name', async () => {
    const { adapter } = await start();

    expect((await failing(adapter.getRecordSets({ id: 'example.net', apex: ownerName('example.net') }, [ownerName('www.example.net')], signal))).code).toBe('zone_not_found');
  });

  it('whose targets are relative to the zone are read absolute and stay as they are', async () => {
    const { adapter, zone, held } = await start({}, { rrsets: [{ name: '@', type: 'MX', ttl: 300, values: ['10 mail'] }] });

    expect(await written(adapter, zone, ({ recordSets }) => {
      const before = recordSets.find(({ type }) => type === 'MX')!;
      expect(before.values).toEqual(['10 mail.example.com.']);
      return [{ ownerName: apex, type: 'MX', before, after: withValue(before, '20 backup.example.net.') }];
    })).toEqual(['applied']);
    expect(held.rrsets.find((set) => set.rrset_type === 'MX')!.rrset_values).toEqual(['10 mail', '20 backup.example.net.']);
  });

  it('that somebody else made between look and write are not overwritten by a create (409)', async () => {
    const { adapter, zone, held } = await start();
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    world.fake.addRrset(held, { name: 'www', type: 'TXT', values: ['"theirs"'] });

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'TXT', ['"ours"']))], reading, signal);

    expect(outcome?.code).toBe('zone_changed');
    expect(held.rrsets.find((set) => set.rrset_type === 'TXT')!.rrset_values).toEqual(['"theirs"']);
  });

  it('that are there with the same values are created (200)', async () => {
    const { adapter, zone, held } = await start();
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    world.fake.addRrset(held, { name: 'www', type: 'TXT', values: ['"ours"'] });

    expect((await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'TXT', ['"ours"']))], reading, signal))[0]?.status).toBe('applied');
  });

  it('that are gone already count as deleted', async () => {
    const { adapter, zone, held } = await start({}, { rrsets: [{ name: 'www', type: 'A', values: ['192.0.2.1'] }] });
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    held.rrsets = held.rrsets.filter((set) => set.rrset_name !== 'www');

    expect((await adapter.applyChanges(zone, [deletion(reading, www, 'A')], reading, signal))[0]?.status).toBe('applied');
  });

  it('of type ALIAS stand at the bare domain', async () => {
    const { adapter, zone, held } = await start();

    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, '', 'ALIAS', ['target.example.net.'])), changeTo(reading, setOf(apex, 'www', 'ALIAS', ['target.example.net.']))])).toEqual(['applied', 'unsupported']);
    expect(setsOf(held)).toContainEqual(setOf(apex, '', 'ALIAS', ['target.example.net.']));
    expect(calls().filter((call) => !call.startsWith('GET'))).toEqual(['POST /domains/example.com/records/%40/ALIAS']);
  });

  it.each([['CNAME', ''], ['HTTPS', 'www'], ['LOC', 'www']])('of type %s at "%s" are refused before anything is sent', async (type, name) => {
    const { adapter, zone } = await start();

    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, name, type, [type === 'HTTPS' ? '1 .' : 'target.example.net.']))])).toEqual(['unsupported']);
    expect(calls().filter((call) => !call.startsWith('GET'))).toEqual([]);
  });

  it('get the least TTL where a smaller one is asked for', async () => {
    const { adapter, zone, held } = await start();
    await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1'], 60))]);

    expect(setsOf(held)).toContainEqual(setOf(apex, 'www', 'A', ['192.0.2.1'], 300));
  });
});

describe('a bad day', () => {
  it('a refused set does not spoil its neighbours', async () => {
    const { adapter, zone, held } = await start({ faults: [{ fault: { status: 400, text: '{"status":"error","errors":[{"location":"body","name":"rrset_values","description":"no"}]}' }, only: ({ method }) => method === 'POST' }] });

    expect(await written(adapter, zone, (reading) => ['a', 'b'].map((name) => changeTo(reading, setOf(apex, name, 'A', ['192.0.2.1']))))).toEqual(['record_invalid', 'applied']);
    expect(setsOf(held)).toContainEqual(setOf(apex, 'b', 'A', ['192.0.2.1']));
  });

  it('a lost answer after the write is unknown, and nothing more is sent', async () => {
    const { adapter, zone, held } = await start({ faults: [{ fault: 'lost', only: ({ method }) => method === 'POST' }] });

    expect(await written(adapter, zone, (reading) => ['a', 'b'].map((name) => changeTo(reading, setOf(apex, name, 'A', ['192.0.2.1']))))).toEqual(['outcome_unknown', 'provider_unavailable']);
    expect(setsOf(held).map(({ ownerName: name }) => name)).toEqual(['example.com.', 'a.example.com.']);
  });

  it('the calls of a minute used up is rate_limited', async () => {
    const { adapter, zone } = await start({ callsPerMinute: 1 });
    await adapter.getRecordSets(zone, 'all', signal);

    expect((await failing(adapter.getRecordSets(zone, 'all', signal))).code).toBe('rate_limited');
  });

  it('a list that ends before its count is read again later', async () => {
    const { adapter, zone } = await start();
    world.fake.fail({ fault: { status: 200, headers: { 'total-count': '3' }, text: '[]' } });

    expect((await failing(adapter.getRecordSets(zone, 'all', signal))).code).toBe('provider_unavailable');
  });
});
