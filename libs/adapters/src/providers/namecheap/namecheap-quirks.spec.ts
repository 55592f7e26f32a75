import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ownerName, recordValue, secret, type Change } from '@connect/domain';
import { openProvider } from '../../base/index.js';
import { changeTo, deletion, failing, setOf, written, type FakeFault, type FakeRequest } from '../../conformance/index.js';
import type { ProviderAdapter, Zone, ZoneReading } from '../../spi/index.js';
import { goodCredential, namecheapWorld, type NamecheapWorld } from './namecheap-world.fake.js';
import type { NamecheapFakeOptions, FakeDomainInput } from './namecheap.fake.js';
import type { FakeDomain, FakeHostInput, FakeSrv } from './namecheap-hosts.fake.js';
import { namecheap } from './index.js';

const signal = new AbortController().signal;
const apex = ownerName('example.co.uk');
const zone: Zone = { id: 'example.co.uk', apex };
const web: FakeHostInput = { name: '@', type: 'A', address: '192.0.2.1', ttl: '1799' };
const isWrite = ({ body }: FakeRequest): boolean => body.includes('setHosts');
let world: NamecheapWorld;

async function start(options: Partial<NamecheapFakeOptions> = {}, domain: Partial<FakeDomainInput> = {}): Promise<{ adapter: ProviderAdapter; held: FakeDomain }> {
  await world.stop();
  world = await namecheapWorld(options);
  return { adapter: open(), held: world.fake.addZone({ name: 'example.co.uk', hosts: [web], ...domain }) };
}
function open(token = goodCredential): ProviderAdapter {
  return openProvider(namecheap, secret(token), world.portsFor(token));
}
const adding = (name: string, type = 'CNAME', value = 'target.example.net.') => (reading: ZoneReading): Change[] => [changeTo(reading, setOf(apex, name, type, [value]))];
const rows = ({ hosts }: FakeDomain): string[] => hosts.map(({ name, type, address, mxPref, ttl }) => `${name} ${type} ${address} ${mxPref} ${ttl}`);

beforeEach(async () => { world = await namecheapWorld(); });
afterEach(() => world.stop());

describe('the credential', () => {
  it('of a customer who followed the page to the letter reaches a written record', async () => {
    const { adapter, held } = await start();

    expect(await adapter.findZone({ hostname: ownerName('shop.example.co.uk'), apex, zone: null }, signal)).toEqual(zone);
    expect(await written(adapter, zone, adding('shop'))).toEqual(['applied']);
    expect(rows(held)).toEqual(['@ A 192.0.2.1 10 1799', 'shop CNAME target.example.net. 10 300']);
    expect(await adapter.checkCredential(null, signal)).toMatchObject({ valid: true, code: null, zones: [zone], zonesComplete: true, widerThanNeeded: expect.stringContaining('whole account') });
  });

  it('travels in the body of a POST and never in a URL', async () => {
    const { adapter } = await start();
    await written(adapter, zone, adding('shop'));

    expect(world.fake.requests.every(({ method, query }) => method === 'POST' && [...query].length === 0)).toBe(true);
  });

  it.each(['user:key', 'user:0123456789abcdef:2001:db8::1', 'user:0123456789abcdef:192.0.2.0/24', 'user:0123456789abcdef:192.0.2.999', 'us er:0123456789abcdef:192.0.2.1', 'user::192.0.2.1'])('in another form is refused, and the right form is named (%#)', (token) => {
    expect(() => namecheap.checkForm(token)).toThrow('it needs the form apiUser:apiKey:clientIp');
  });

  it('from an address that is not on the allow-list is told so, with the address that they see', async () => {
    await start({ seenFrom: '203.0.113.7' });

    expect(await open().checkCredential('example.co.uk', signal)).toMatchObject({ valid: false, code: 'address_not_allowed', detail: expect.stringContaining('203.0.113.7') });
  });

  it('of an account whose API access is not switched on is rejected', async () => {
    await start({ credential: [{ user: 'shopkeeper', key: '0123456789abcdef0123456789abcdef', whitelist: ['127.0.0.1'], access: false }] });

    expect(await open().checkCredential(null, signal)).toMatchObject({ valid: false, code: 'rejected_credential', detail: expect.stringContaining('API access') });
  });

  it('lists the domains of every page, and not those that are served elsewhere or expired', async () => {
    await start();
    for (let at = 0; at < 120; at++) world.fake.addZone({ name: `zone-${at}.com` });
    world.fake.addZone({ name: 'elsewhere.com', isOurDns: false });
    world.fake.addZone({ name: 'expired.com', isExpired: true });

    expect((await open().checkCredential(null, signal)).zones).toHaveLength(121);
  });
});

describe('finding the zone', () => {
  it('splits name and suffix by the public suffix list', async () => {
    const { adapter } = await start();
    await adapter.findZone({ hostname: ownerName('a.b.example.co.uk'), apex, zone: null }, signal);

    expect(world.fake.requests[0]!.body).toContain('SLD=example&TLD=co.uk');
  });

  it('finds a domain that is only shared with the account', async () => {
    const { adapter } = await start({}, { owner: 'somebody', sharedWith: ['shopkeeper'] });

    expect(await adapter.findZone({ hostname: apex, apex, zone: null }, signal)).toEqual(zone);
    expect((await adapter.checkCredential('example.co.uk', signal)).zones).toEqual([zone]);
  });

  it('refuses a domain whose name servers are elsewhere, and one of another account', async () => {
    const { adapter, held } = await start({}, { isOurDns: false });
    expect((await failing(adapter.findZone({ hostname: apex, apex, zone: null }, signal))).detail).toContain('name servers are elsewhere');

    Object.assign(held, { isOurDns: true, owner: 'somebody' });
    expect((await failing(adapter.findZone({ hostname: apex, apex, zone: null }, signal))).code).toBe('zone_not_found');
  });

  it('checks a zone that the caller names', async () => {
    const { adapter } = await start();
    const named = (zoneName: string): Promise<Zone> => adapter.findZone({ hostname: ownerName('www.example.co.uk'), apex, zone: zoneName }, signal);

    expect(await named('Example.co.uk')).toEqual(zone);
    for (const wrong of ['www.example.co.uk', 'co.uk', 'example.com', 'Z123']) expect((await failing(named(wrong))).code).toBe('zone_not_found');
  });
});

describe('setHosts replaces the zone, so', () => {
  const foreign: FakeHostInput[] = [
    web,
    { name: 'old', type: 'URL301', address: 'https://example.net/a?b=c&d="e"', ttl: '1799' },
    { name: '@', type: 'MX', address: 'mail.example.net.', mxPref: '20', ttl: '60' },
    { name: '@', type: 'TXT', address: 'v=spf1 include:a.example & "quoted" <x> +100% -all', ttl: '300' },
    { name: '*', type: 'CNAME', address: 'wild.example.net.', ttl: '59999' },
    { name: '_dmarc', type: 'TXT', address: 'v=DMARC1; p=none', ttl: '1800' },
  ];

  it('120 hostnames go in one write, foreign rows and EmailType stay to the letter, in five calls', async () => {
    const { adapter, held } = await start({}, { hosts: foreign.filter(({ type, address }) => !(type === 'TXT' && address.includes('"'))) });
    const before = rows(held);
    await adapter.findZone({ hostname: apex, apex, zone: null }, signal);

    const outcomes = await written(adapter, zone, (reading) => Array.from({ length: 120 }, (_, at) => changeTo(reading, setOf(apex, `shop-${at}`, 'CNAME', ['target.example.net.']))));

    expect(outcomes.every((outcome) => outcome === 'applied')).toBe(true);
    expect(rows(held).slice(0, before.length)).toEqual(before);
    expect(held.hosts).toHaveLength(before.length + 120);
    expect(held.emailType).toBe('MX');
    expect(world.fake.requests.length).toBeLessThanOrEqual(5);
  });

  it('a foreign row that they would refuse to take back stops the write, and the zone stays', async () => {
    const { adapter, held } = await start({}, { hosts: foreign });
    const before = rows(held);

    expect(await written(adapter, zone, adding('shop'))).toEqual(['record_invalid']);
    expect(rows(held)).toEqual(before);
  });

  it('the limit of 150 rows is zone_full before anything is sent', async () => {
    const { adapter, held } = await start({}, { hosts: Array.from({ length: 149 }, (_, at) => ({ name: `h${at}`, type: 'A', address: '192.0.2.1' })) });

    expect((await failing(written(adapter, zone, (reading) => ['x', 'y'].map((name) => changeTo(reading, setOf(apex, name, 'A', ['192.0.2.1'])))))).code).toBe('zone_full');
    expect(world.fake.requests.some(isWrite)).toBe(false);
    expect(await written(adapter, zone, adding('x', 'A', '192.0.2.1'))).toEqual(['applied']);
    expect(held.hosts).toHaveLength(150);
  });

  it.each<[string, Partial<FakeDomainInput>]>([
    ['a host with dynamic DNS', { hosts: [web, { name: 'home', type: 'A', address: '192.0.2.2', isDdns: true }] }],
    ['a host that is switched off', { hosts: [web, { name: 'off', type: 'A', address: '192.0.2.2', isActive: false }] }],
    ['a type that we do not know', { hosts: [web, { name: 'x', type: 'NEWTYPE', address: 'data' }] }],
    ['a mail setting that we do not know', { emailType: 'NEWMAIL' }],
  ])('%s makes the zone one that is not written', async (_, domain) => {
    const { adapter, held } = await start({}, domain);
    const before = rows(held);

    expect((await failing(written(adapter, zone, adding('shop')))).code).toBe('zone_not_writable');
    expect(rows(held)).toEqual(before);
    expect(world.fake.requests.some(isWrite)).toBe(false);
  });

  it('rows made in between two readings are in the list that is written', async () => {
    const { adapter, held } = await start();
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    const later = openProvider(namecheap, secret(goodCredential), { ...world.portsFor(goodCredential), clock: { now: () => new Date(Date.now() + 60_000) } });
    held.hosts.push({ ...held.hosts[0]!, name: 'theirs' });

    await later.applyChanges(zone, adding('shop')(reading), reading, signal);

    expect(held.hosts.map(({ name }) => name)).toEqual(['@', 'theirs', 'shop']);
  });

  it('their number for "automatic" is never asked for: it would be read as another, and the set written again and again', async () => {
    const { adapter, held } = await start();
    const asked = (reading: ZoneReading): Change[] => [changeTo(reading, { ...setOf(apex, 'shop', 'A', ['192.0.2.9']), ttlSeconds: 1_799 })];

    expect(await written(adapter, zone, asked)).toEqual(['applied']);
    expect(await written(adapter, zone, asked)).toEqual(['applied']);

    expect(rows(held)).toEqual(['@ A 192.0.2.1 10 1799', 'shop A 192.0.2.9 10 1800']);
    expect(world.fake.requests.filter(isWrite)).toHaveLength(1);
  });

  it('an empty list is believed only when it is said twice', async () => {
    const { adapter, held } = await start();
    const before = rows(held);
    const empty = '<?xml version="1.0"?><ApiResponse Status="OK"><Errors/><CommandResponse><DomainDNSGetHostsResult Domain="example.co.uk" EmailType="NONE" IsUsingOurDNS="true"/></CommandResponse></ApiResponse>';
    world.fake.fail({ fault: { status: 200, text: empty }, only: ({ body }) => body.includes('getHosts') });

    expect(await written(adapter, zone, adding('shop'))).toEqual(['applied']);
    expect(rows(held).slice(0, 1)).toEqual(before);
  });
});

describe('SRV rows, which setHosts does not take,', () => {
  const sip: FakeSrv = { service: '_sip', protocol: '_tls', priority: 100, weight: 1, port: 443, target: 'sip.example.net' };
  const asksForSrv = ({ body }: FakeRequest): boolean => body.includes('getsrvrecords');

  it('are in the reading of a zone, marked as what a write may lose', async () => {
    const { adapter } = await start({}, { hiddenSrv: [sip, { ...sip, priority: 200, target: 'other.example.net' }] });

    const { recordSets, recordSetCount } = await adapter.getRecordSets(zone, 'all', signal);

    expect(recordSets.filter(({ type }) => type === 'SRV')).toEqual([{ ...setOf(apex, '_sip._tls', 'SRV', ['100 1 443 sip.example.net.', '200 1 443 other.example.net.'], 1_800), untouchable: 'hidden_row' }]);
    expect(recordSetCount).toBe(2);
    expect(namecheap.descriptor.mayLose).toEqual(['hidden_row']);
  });

  it('are not in the list that is written, and seen to be gone where the write erased them', async () => {
    const { adapter, held } = await start({ losesSrv: true }, { hiddenSrv: [sip] });

    expect(await written(adapter, zone, adding('shop'))).toEqual(['applied']);

    expect(rows(held)).toEqual(['@ A 192.0.2.1 10 1799', 'shop CNAME target.example.net. 10 300']);
    expect((await adapter.getRecordSets(zone, 'all', signal)).recordSets.map(({ type }) => type)).toEqual(['A', 'CNAME']);
  });

  it('cannot be put back', async () => {
    const { adapter } = await start({ losesSrv: true }, { hiddenSrv: [sip] });
    const before = await adapter.getRecordSets(zone, 'all', signal);
    await written(adapter, zone, adding('shop'));

    expect(await written(adapter, zone, (reading) => [changeTo(reading, before.recordSets.find(({ type }) => type === 'SRV')!)])).toEqual(['unsupported']);
  });

  it.each<[string, FakeFault]>([
    ['is no command of the account', { status: 200, text: '<ApiResponse Status="ERROR"><Errors><Error Number="1010104">Parameter Command is invalid</Error></Errors></ApiResponse>' }],
    ['is denied', { status: 200, text: '<ApiResponse Status="ERROR"><Errors><Error Number="4011103">Access denied</Error></Errors></ApiResponse>' }],
    ['is nowhere to be found', { status: 404, text: '' }],
  ])('are not known where what shows them %s, and the zone is read and written without', async (_, fault) => {
    const { adapter, held } = await start({ faults: [{ fault, only: asksForSrv, times: 9 }] }, { hiddenSrv: [sip] });

    expect(await written(adapter, zone, adding('shop'))).toEqual(['applied']);
    expect(held.hosts).toHaveLength(2);
  });

  it.each<[string, FakeFault]>([
    ['rate_limited', { status: 405, text: '' }],
    ['provider_unavailable', { status: 200, text: '<ApiResponse Status="ERROR"><Errors><Error Number="5050900">Unhandled exceptions</Error></Errors></ApiResponse>' }],
    ['provider_unavailable', 'unreachable'],
    ['provider_protocol', 'cut'],
    ['provider_protocol', { status: 200, text: '<ApiResponse Status="OK"><Errors/><CommandResponse><Result><Records><Name>_sip._tls</Name></Records></Result></CommandResponse></ApiResponse>' }],
  ])('that do not come for the moment are no reading without them (%s)', async (code, fault) => {
    const { adapter } = await start({ faults: [{ fault, only: asksForSrv }] }, { hiddenSrv: [sip] });

    expect((await failing(adapter.getRecordSets(zone, 'all', signal))).code).toBe(code);
  });

  it('are not asked for by the look directly before a write, which rests on the list alone', async () => {
    const { adapter } = await start({}, { hiddenSrv: [sip] });

    await adapter.getRecordSets(zone, [apex], signal);

    expect(world.fake.requests.some(asksForSrv)).toBe(false);
  });
});

describe('mail', () => {
  it.each(['FWD', 'OX', 'GMAIL', 'MXE'])('that Namecheap runs (%s) is never ended by an MX record of ours, and outlives other writes', async (emailType) => {
    const { adapter, held } = await start({}, { emailType, hosts: [web] });

    expect(await written(adapter, zone, (reading) => [...adding('', 'MX', '10 mail.example.net.')(reading), ...adding('shop')(reading)])).toEqual(['record_conflict', 'applied']);
    expect(held.emailType).toBe(emailType);
    expect(held.hosts.map(({ type }) => type)).toEqual(['A', 'CNAME']);
  });

  it('of OX keeps its own MX rows, which are not ours to change', async () => {
    const { adapter, held } = await start({}, { emailType: 'OX', hosts: [web, { name: '@', type: 'MX', address: 'mx1.privateemail.com.' }] });

    expect(await written(adapter, zone, (reading) => [deletion(reading, apex, 'MX'), ...adding('shop')(reading)])).toEqual(['unsupported', 'applied']);
    expect(rows(held)).toContain('@ MX mx1.privateemail.com. 10 1799');
    expect(held.emailType).toBe('OX');
  });

  it('is set to MX with the first MX row and to NONE after the last', async () => {
    const { adapter, held } = await start();

    await written(adapter, zone, adding('', 'MX', '10 mail.example.net.'));
    expect(held.emailType).toBe('MX');
    await written(adapter, zone, (reading) => [deletion(reading, apex, 'MX')]);
    expect(held.emailType).toBe('NONE');
  });

  it('gets another preference by two writes, since one has no effect', async () => {
    const { adapter, held } = await start({ ignoresPreference: true }, { hosts: [web, { name: '@', type: 'MX', address: 'mail.example.net.', mxPref: '10' }] });

    expect(await written(adapter, zone, adding('', 'MX', '20 mail.example.net.'))).toEqual(['applied']);
    expect(held.hosts.find(({ type }) => type === 'MX')?.mxPref).toBe('20');
    expect(held.emailType).toBe('MX');
    expect(world.fake.requests.filter(isWrite)).toHaveLength(2);
  });

  it('with only the first of the two writes done is unknown, so that somebody looks', async () => {
    const { adapter } = await start({}, { hosts: [web, { name: '@', type: 'MX', address: 'mail.example.net.', mxPref: '10' }] });
    world.fake.fail({ fault: { status: 405, text: '' }, only: (request) => isWrite(request) && request.body.includes('MXPref2=20') });

    expect(await written(adapter, zone, adding('', 'MX', '20 mail.example.net.'))).toEqual(['outcome_unknown']);
  });
});

describe('a bad day', () => {
  it('HTTP 405 is the rate limit: nothing was done, and it is tried again after a minute', async () => {
    const { adapter, held } = await start({ rate: { minute: 1, hour: 700, day: 8_000 } });
    const before = rows(held);

    const error = await failing(written(adapter, zone, adding('shop')));

    expect([error.code, error.retryAfterMs]).toEqual(['rate_limited', 60_000]);
    expect(rows(held)).toEqual(before);
  });

  it('a lost answer after setHosts is unknown', async () => {
    const { adapter, held } = await start({ faults: [{ fault: 'lost', only: isWrite }] });

    expect(await written(adapter, zone, adding('shop'))).toEqual(['outcome_unknown']);
    expect(held.hosts).toHaveLength(2);
  });

  it('OK with IsSuccess="false" is not success', async () => {
    const text = '<ApiResponse Status="OK"><Errors/><CommandResponse><DomainDNSSetHostsResult Domain="example.co.uk" IsSuccess="false"/></CommandResponse></ApiResponse>';
    const { adapter } = await start({ faults: [{ fault: { status: 200, text }, only: isWrite }] });

    expect(await written(adapter, zone, adding('shop'))).toEqual(['outcome_unknown']);
  });

  it('a list that is cut off is never taken for the zone', async () => {
    const { adapter } = await start({ faults: [{ fault: 'cut' }] });

    expect((await failing(adapter.getRecordSets(zone, 'all', signal))).code).toBe('provider_protocol');
  });

  it('reads that lag behind a write are waited for, so that the next list does not take the write back', async () => {
    const { adapter, held } = await start({ staleReads: 2 });

    expect(await written(adapter, zone, adding('one'))).toEqual(['applied']);
    expect(await written(adapter, zone, adding('two'))).toEqual(['applied']);
    expect(held.hosts.map(({ name }) => name)).toEqual(['@', 'one', 'two']);
  });

  it('a write that they confirm and never show is unknown', async () => {
    const { adapter } = await start({ staleReads: 100 });

    expect(await written(adapter, zone, adding('shop'))).toEqual(['outcome_unknown']);
    expect(namecheap.descriptor.settleTimeMs).toBeGreaterThanOrEqual(5_000);
  });

  it('a look after the write that fails leaves it applied', async () => {
    const { adapter } = await start();
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    world.fake.fail({ fault: 'unreachable', only: (request) => !isWrite(request) });

    expect((await adapter.applyChanges(zone, adding('shop')(reading), reading, signal)).map(({ status }) => status)).toEqual(['applied']);
  });

  it('a row that somebody adds between our look and the write is lost at a server without compare-and-swap: the matrix says so', async () => {
    const { adapter, held } = await start({ betweenCheckAndWrite: () => { held.hosts.push({ ...held.hosts[0]!, name: 'theirs' }); return Promise.resolve(); } });

    await written(adapter, zone, adding('shop'));

    expect(held.hosts.map(({ name }) => name)).toEqual(['@', 'shop']);
    expect(namecheap.descriptor.writeGuard).toBe('none');
  });
});

describe('what they refuse is refused before anything is sent', () => {
  it.each([
    ['MX', '0 .'], ['TXT', '"say \\"hello\\""'], ['TXT', '""'], ['SRV', '10 20 5060 sip.example.net.'], ['CAA', '0 iodef "ca@example.net"'], ['MX', '256 mail.example.net.'], ['HTTPS', '1 .'],
  ])('%s %s', async (type, value) => {
    const { adapter } = await start();

    expect(await written(adapter, zone, adding('x', type, recordValue(type, value)))).toEqual(['unsupported']);
    expect(world.fake.requests.some(isWrite)).toBe(false);
  });
});
