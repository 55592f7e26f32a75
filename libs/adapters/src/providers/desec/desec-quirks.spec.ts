import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ownerName, secret } from '@connect/domain';
import { openProvider } from '../../base/index.js';
import { changeTo, deletion, failing, setOf, withValue, written } from '../../conformance/index.js';
import type { ProviderAdapter, Zone } from '../../spi/index.js';
import { desecWorld, goodToken, setsOf, type DesecWorld } from './desec-world.fake.js';
import type { DesecFakeOptions, FakeDomain, FakeDomainInput } from './desec.fake.js';
import { desec } from './index.js';

const signal = new AbortController().signal;
const apex = ownerName('example.com');
let world: DesecWorld;

async function start(options: Partial<DesecFakeOptions> = {}, domain: Partial<FakeDomainInput> = {}): Promise<{ adapter: ProviderAdapter; zone: Zone; held: FakeDomain }> {
  await world.stop();
  world = await desecWorld(options);
  const held = world.fake.addDomain({ name: 'example.com', ...domain });
  return { adapter: open(), zone: { id: 'example.com', apex }, held };
}
function open(token = goodToken): ProviderAdapter {
  return openProvider(desec, secret(token), world.portsFor(token));
}
const search = (hostname: string, zone: string | null = null): Parameters<ProviderAdapter['findZone']>[0] => ({ hostname: ownerName(hostname), apex, zone });
const calls = (): string[] => world.fake.requests.map(({ method, path, query }) => `${method} ${path}${query.size === 0 ? '' : `?${query.toString()}`}`);

beforeEach(async () => { world = await desecWorld(); });
afterEach(() => world.stop());

describe('the credential', () => {
  it('of a customer who narrowed it to the domain by policies reaches a written record, in three calls', async () => {
    const { zone } = await start({ credential: [{ value: goodToken, writes: ['example.com'] }] });
    const adapter = open();

    expect(await adapter.findZone(search('shop.example.com'), signal)).toEqual(zone);
    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'shop', 'CNAME', ['target.example.net.']))])).toEqual(['applied']);
    expect(calls()).toEqual(['GET /api/v1/domains/?owns_qname=shop.example.com', 'GET /api/v1/domains/example.com/rrsets/?cursor=', 'POST /api/v1/domains/example.com/rrsets/']);
    expect(await adapter.checkCredential('example.com', signal)).toMatchObject({ valid: true, code: null, widerThanNeeded: null });
  });

  it('of a customer who followed the page, without policies, reaches a written record, too', async () => {
    const { adapter, zone, held } = await start();

    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))])).toEqual(['applied']);
    expect(setsOf(held)).toContainEqual(setOf(apex, 'www', 'A', ['192.0.2.1'], 3600));
  });

  it('whose policies forbid the domain reads it, and is missing_permission at the write', async () => {
    const { adapter, zone } = await start({ credential: [{ value: goodToken, writes: ['example.org'] }] });

    expect((await adapter.getRecordSets(zone, 'all', signal)).recordSets).toHaveLength(1);
    expect((await failing(written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))]))).code).toBe('missing_permission');
  });

  it('that may manage tokens is wider than needed, and is told the narrower way', async () => {
    await start({ credential: [{ value: goodToken, managesTokens: true }] });

    expect((await open().checkCredential('example.com', signal)).widerThanNeeded).toContain('manage tokens');
  });

  it.each([['expired', { expired: true }], ['used from another address than allowed', { allowedAddresses: ['192.0.2.1'] }]])('that is %s is rejected', async (_, fields) => {
    await start({ credential: [{ value: goodToken, ...fields }] });

    expect(await open().checkCredential('example.com', signal)).toMatchObject({ valid: false, code: 'rejected_credential' });
  });

  it('for a domain of somebody else is valid, and the domain is not there', async () => {
    await start({}, { owner: 'somebody else' });

    expect(await open().checkCredential('example.com', signal)).toMatchObject({ valid: true, code: 'zone_not_found' });
  });

  it.each([`${goodToken}!`, `Token ${goodToken}`, 'short', ''])('of another form is refused and not repeated (%#)', (token) => {
    expect(() => desec.checkForm(token)).toThrow(expect.objectContaining({ code: 'credential_format', detail: expect.stringContaining('28 letters') }));
  });

  it('goes with the word Token, not Bearer', async () => {
    await start();
    await open().checkCredential(null, signal);

    expect(world.fake.requests[0]!.headers['authorization']).toBe(`Token ${goodToken}`);
  });
});

describe('finding the zone', () => {
  it('is one call with owns_qname, and takes the longest name', async () => {
    await start();
    world.fake.addDomain({ name: 'sub.example.com' });

    expect((await open().findZone(search('a.b.sub.example.com'), signal)).apex).toBe('sub.example.com.');
    expect(world.fake.requests).toHaveLength(1);
  });

  it('asks for the name below which a wildcard stands', async () => {
    const { zone } = await start();

    expect(await open().findZone(search('*.example.com'), signal)).toEqual(zone);
    expect(calls()).toEqual(['GET /api/v1/domains/?owns_qname=example.com']);
  });

  it('checks a zone that the caller names', async () => {
    const { zone } = await start();
    world.fake.addDomain({ name: 'example.org' });

    expect(await open().findZone(search('www.example.com', 'Example.com.'), signal)).toEqual(zone);
    expect((await failing(open().findZone(search('www.example.com', 'example.org'), signal))).code).toBe('zone_not_found');
    expect((await failing(open().findZone(search('www.example.com', 'example.net'), signal))).code).toBe('zone_not_found');
  });
});

describe('records', () => {
  it('of more than 500 sets are read with the cursor from the first call on', async () => {
    const { adapter, zone } = await start({}, { rrsets: Array.from({ length: 1_200 }, (_, at) => ({ subname: `h${at}`, type: 'A', records: ['192.0.2.1'] })) });

    expect((await adapter.getRecordSets(zone, 'all', signal)).recordSets).toHaveLength(1_201);
    expect(world.fake.requests.map(({ query }) => query.has('cursor'))).toEqual([true, true, true]);
  });

  it('at one name are asked for by the name; the apex is the empty subname', async () => {
    const { adapter, zone } = await start();
    await adapter.getRecordSets(zone, [apex], signal);

    expect(calls()).toEqual(['GET /api/v1/domains/example.com/rrsets/?subname=&cursor=']);
  });

  it('keep a TTL below today’s minimum while only values change', async () => {
    const { adapter, zone, held } = await start({}, { rrsets: [{ subname: 'www', type: 'A', ttl: 60, records: ['192.0.2.1'] }] });

    expect(await written(adapter, zone, ({ recordSets }) => [{ ...recordSets[0]!, before: recordSets[0]!, after: withValue(recordSets[0]!, '192.0.2.2') }])).toEqual(['applied']);
    expect(setsOf(held)).toContainEqual(setOf(apex, 'www', 'A', ['192.0.2.1', '192.0.2.2'], 60));
  });

  it('get the least TTL of the hosted service where a smaller one is asked for', async () => {
    const { adapter, zone, held } = await start();
    await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1'], 60))]);

    expect(setsOf(held)).toContainEqual(setOf(apex, 'www', 'A', ['192.0.2.1'], 3600));
  });

  it('a hundred of them cost one of the writes that a domain has a day', async () => {
    const { adapter, zone } = await start({ rates: { read: [], user: [], writePerDomain: [{ amount: 1, seconds: 86_400 }] } });

    const outcomes = await written(adapter, zone, (reading) => Array.from({ length: 100 }, (_, at) => changeTo(reading, setOf(apex, `h${at}`, 'A', ['192.0.2.1']))));

    expect(outcomes.every((each) => each === 'applied')).toBe(true);
  });

  it('one that the server refuses does not take its neighbours with it, and its own name stays whole', async () => {
    // A domain whose minimum was raised by support: the descriptor cannot know it.
    const { adapter, zone, held } = await start({}, { minimumTtl: 7_200, rrsets: [{ subname: 'www', type: 'CNAME', ttl: 7_200, records: ['old.example.net.'] }] });

    const outcomes = await written(adapter, zone, (reading) => [
      deletion(reading, ownerName('www.example.com'), 'CNAME'),
      changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1'], 3_600)),
      changeTo(reading, setOf(apex, 'shop', 'A', ['192.0.2.1'], 7_200)),
    ]);

    expect(outcomes).toEqual(['record_invalid', 'record_invalid', 'applied']);
    expect(setsOf(held).map(({ ownerName: name, type }) => `${name} ${type}`).sort()).toEqual(['example.com. NS', 'shop.example.com. A', 'www.example.com. CNAME']);
  });

  it('that somebody else made between look and write are not overwritten by a create', async () => {
    const { adapter, zone, held } = await start();
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    world.fake.addRrset(held, { subname: 'www', type: 'TXT', records: ['"theirs"'] });

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'TXT', ['"ours"']))], reading, signal);

    expect(outcome?.code).toBe('zone_changed');
    expect(setsOf(held)).toContainEqual(setOf(apex, 'www', 'TXT', ['"theirs"'], 3600));
  });

  it('that somebody else deleted between look and write are not brought back by a change of their values', async () => {
    const { adapter, zone, held } = await start({}, { rrsets: [{ subname: 'www', type: 'A', records: ['192.0.2.1'] }] });
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    held.rrsets = held.rrsets.filter(({ subname }) => subname !== 'www');

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.9'], 3600))], reading, signal);

    expect(outcome?.code).toBe('zone_changed');
    expect(setsOf(held)).toHaveLength(1);
  });

  it('a value that somebody adds in the pause of a racy server survives a change of the TTL', async () => {
    const { adapter, zone, held } = await start({ betweenCheckAndWrite: () => Promise.resolve(world.fake.addRrset(held, { subname: 'www', type: 'TXT', records: ['"theirs"'] })) }, { rrsets: [{ subname: 'www', type: 'TXT', records: ['"ours"'] }] });

    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'www', 'TXT', ['"ours"'], 7200))])).toEqual(['applied']);
    expect(setsOf(held)).toContainEqual(setOf(apex, 'www', 'TXT', ['"ours"', '"theirs"'], 7200));
  });

  it.each([
    ['MX', 'x', '10 _mail.example.net.'], ['SRV', '_sip._tcp', '1 2 3 _sip.example.net.'], ['NS', 'child', 'ns_1.example.net.'], ['CNAME', '', 'target.example.net.'], ['A', 'a+b', '192.0.2.1'],
  ])('of type %s at "%s" with the data "%s" are refused before anything is sent', async (type, name, value) => {
    const { adapter, zone } = await start();

    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, name, type, [value]))])).toEqual(['unsupported']);
    expect(calls().filter((call) => !call.startsWith('GET'))).toEqual([]);
  });
});

describe('a bad day', () => {
  it('the 300 writes of a day used up is rate_limited, with the hours to wait', async () => {
    const { adapter, zone } = await start({ rates: { read: [], user: [], writePerDomain: [{ amount: 1, seconds: 86_400 }] } });
    await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'a', 'A', ['192.0.2.1']))]);

    const error = await failing(written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'b', 'A', ['192.0.2.1']))]));

    expect(error.code).toBe('rate_limited');
    expect(error.retryAfterMs).toBeGreaterThan(86_000_000);
  });

  it('a lost answer after the write is unknown, and a look shows it written', async () => {
    const { adapter, zone, held } = await start({ faults: [{ fault: 'lost', only: ({ method }) => method === 'POST' }] });

    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))])).toEqual(['outcome_unknown']);
    expect(setsOf(held)).toHaveLength(2);
  });

  it('two writers at once (409) is zone_changed, to be planned again', async () => {
    const { adapter, zone } = await start({ faults: [{ fault: { status: 409, text: '{"detail":"Conflict: another write"}' }, only: ({ method }) => method === 'POST' }] });

    expect(await written(adapter, zone, (reading) => [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))])).toEqual(['zone_changed']);
  });

  it('pages that go in a circle end', async () => {
    const { adapter, zone } = await start();
    world.fake.fail({ times: 5, fault: { status: 200, headers: { link: '<https://elsewhere.example/?cursor=again>; rel="next"' }, text: '[]' } });

    expect((await failing(adapter.getRecordSets(zone, 'all', signal))).code).toBe('provider_protocol');
    expect(world.fake.requests).toHaveLength(2);
  });
});
