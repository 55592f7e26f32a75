import { afterEach, describe, expect, it } from '@jest/globals';
import { ownerName, txtValue, type RecordSet } from '@connect/domain';
import { Stage, changeTo, deletion, failing, find, formRefusal, recording, setOf, withValue, type Sent } from '../../conformance/index.js';
import { dnsimpleCredential } from './credential.js';
import { dnsimpleWorld, goodToken, type DnsimpleWorld } from './dnsimple-world.fake.js';
import type { FakeRecord, FakeZone } from './dnsimple-records.fake.js';

/** What is odd about DNSimple, each as a case. */
const userToken = 'dnsimple_u_00112233445566778899AABBCCDDEEFF';
const scopedToken = 'dnsimple_a_FFEEDDCCBBAA99887766554433221100';
const signal = new AbortController().signal;
const apex = ownerName('example.com.');
const www = ownerName('www.example.com.');
const zone = { id: '1010/example.com', apex };
const search = { hostname: www, apex, zone: null };

let world: DnsimpleWorld;
afterEach(() => world.stop());

async function open(records: Partial<FakeRecord>[] = [], options: Parameters<typeof dnsimpleWorld>[0] = {}): Promise<{ stage: Stage; held: FakeZone }> {
  world = await dnsimpleWorld({ zones: [{ name: 'example.com', records }], ...options });
  return { stage: new Stage(world), held: world.fake.zones.find(({ name }) => name === 'example.com')! };
}

async function write(stage: Stage, set: RecordSet, sent: Sent[] = []) {
  const adapter = stage.open({ ports: recording(sent) });
  const reading = await adapter.getRecordSets(zone, [set.ownerName], signal);
  const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, set)], reading, signal);
  return outcome;
}

describe('accounts', () => {
  const several = { accounts: [{ id: 1010 }, { id: 2020 }, { id: 3030 }], credential: [{ value: userToken, accounts: [1010, 2020, 3030] }] };

  it('the account of a token comes from whoami and stands in the id of the zone', async () => {
    const { stage } = await open();

    expect(await stage.open().findZone(search, signal)).toEqual(zone);
    expect(world.fake.requests.map(({ path }) => path)).toEqual(['/v2/whoami', '/v2/1010/zones/www.example.com', '/v2/1010/zones/example.com']);
  });

  it('a user token finds the zone in the one account that holds it', async () => {
    const { stage } = await open([], { ...several, zones: [{ name: 'example.com', account: 2020 }, { name: 'example.org', account: 1010 }] });

    expect(await stage.open({ token: userToken }).findZone(search, signal)).toEqual({ id: '2020/example.com', apex });
  });

  it('a zone in two accounts is ambiguous, and naming one of them settles it', async () => {
    const { stage } = await open([], { ...several, zones: [{ name: 'example.com', account: 1010 }, { name: 'example.com', account: 3030 }] });
    const adapter = stage.open({ token: userToken });

    await expect(adapter.findZone(search, signal)).rejects.toMatchObject({ code: 'zone_ambiguous', detail: expect.stringContaining('1010/example.com, 3030/example.com') });
    expect(await adapter.checkCredential('example.com', signal)).toMatchObject({ valid: true, code: 'zone_ambiguous' });
    expect(await adapter.findZone({ ...search, zone: '3030/example.com' }, signal)).toEqual({ id: '3030/example.com', apex });
    expect((await failing(adapter.findZone({ ...search, zone: '2020/example.com' }, signal))).code).toBe('zone_not_found');
  });

  it('one of several that is not paid does not stand in the way; if it is the only one that is said', async () => {
    const { stage } = await open([], { ...several, accounts: [{ id: 1010, unpaid: true }, { id: 2020 }, { id: 3030 }], zones: [{ name: 'example.com', account: 2020 }] });

    expect(await stage.open({ token: userToken }).findZone(search, signal)).toEqual({ id: '2020/example.com', apex });
    world.fake.addToken({ value: scopedToken, account: 1010 });
    expect(await stage.open({ token: scopedToken }).checkCredential('example.com', signal)).toMatchObject({ valid: true, code: 'account_not_eligible' });
  });
});

describe('what is theirs', () => {
  it('SOA and NS at the apex are never sent', async () => {
    const { stage, held } = await open();
    const before = structuredClone(held.records);

    expect(await write(stage, setOf(apex, '', 'NS', ['ns1.example.net.']))).toMatchObject({ status: 'refused' });
    expect(held.records).toEqual(before);
  });

  it('the TXT that comes with an ALIAS is not seen, and stays while a text is written beside it', async () => {
    const { stage, held } = await open([{ type: 'ALIAS', content: 'shop.example.net' }]);

    expect((await write(stage, setOf(apex, '', 'TXT', ['"v=spf1 -all"'])))?.status).toBe('applied');
    expect(held.records.filter(({ type }) => type === 'TXT').map(({ content }) => content)).toEqual(['"ALIAS for shop.example.net"', '"v=spf1 -all"']);
  });

  it('records that are served in some regions only are read and never rewritten', async () => {
    const { stage, held } = await open([{ name: 'www', content: '192.0.2.1', regions: ['IAD'] }, { name: 'www', content: '192.0.2.2', regions: ['SV1'] }]);
    const before = structuredClone(held.records);

    expect(await write(stage, setOf(apex, 'www', 'A', ['192.0.2.3']))).toMatchObject({ status: 'refused', code: 'unsupported' });
    expect(held.records).toEqual(before);
  });

  it('a text of some regions only stays while texts beside it come and go', async () => {
    const { stage, held } = await open([{ type: 'TXT', name: 'www', content: '"near"', ttl: 300, regions: ['SV1'] }]);
    const before = structuredClone(held.records);

    expect(await write(stage, setOf(apex, 'www', 'TXT', ['"near"', '"ours"']))).toMatchObject({ status: 'applied' });
    expect(await write(stage, setOf(apex, 'www', 'TXT', ['"ours"']))).toMatchObject({ status: 'refused', code: 'unsupported' });
    expect(await write(stage, setOf(apex, 'www', 'TXT', ['"near"']))).toMatchObject({ status: 'applied' });
    expect(held.records).toEqual(before);
  });
});

describe('writing', () => {
  it('a changed TTL is sent alone: texts of others stay to the letter', async () => {
    const { stage, held } = await open([{ type: 'TXT', name: 'www', content: '"split " "in two"', ttl: 300 }]);

    expect((await write(stage, setOf(apex, 'www', 'TXT', ['"split " "in two"'], 600)))?.status).toBe('applied');
    expect(JSON.parse(world.fake.requests.at(-1)!.body)).toEqual({ ttl: 600 });
    expect(held.records.at(-1)).toMatchObject({ content: '"split " "in two"', ttl: 600 });
  });

  it('TXT goes in quotes; what others sent without comes back with them', async () => {
    const { stage, held } = await open([{ type: 'TXT', name: 'www', content: '"say \\"hello\\""' }]);
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);

    expect(find(reading.recordSets, www, 'TXT')?.values).toEqual([txtValue('say "hello"')]);
    await adapter.applyChanges(zone, [changeTo(reading, withValue(find(reading.recordSets, www, 'TXT')!, txtValue('a "b"')))], reading, signal);
    expect(held.records.at(-1)?.content).toBe('"a \\"b\\""');
  });

  it('a null MX takes the place of another: the priority 0 is sent', async () => {
    const { stage, held } = await open([{ type: 'MX', name: 'www', content: 'mail.example.net', priority: 10 }]);

    expect((await write(stage, setOf(apex, 'www', 'MX', ['0 .'])))?.status).toBe('applied');
    expect(held.records.at(-1)).toMatchObject({ content: '.', priority: 0 });
  });

  it.each([[300, 'applied', null], [900, 'refused', 'zone_changed']])('a record that somebody has just made is looked at: with a TTL of %i it is %s', async (ttl, status, code) => {
    const { stage, held } = await open();
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);
    world.fake.addRecord(held, { name: 'www', content: '192.0.2.1', ttl });

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))], reading, signal);

    expect(outcome).toMatchObject({ status, code });
    expect(held.records.filter(({ name }) => name === 'www')).toHaveLength(1);
  });

  const refused: [string, RecordSet][] = [
    ['an empty TXT', setOf(apex, 'www', 'TXT', ['""'])], ['TXT that ends with a space', setOf(apex, 'www', 'TXT', ['"a "'])], ['TXT with a quote alone', setOf(apex, 'www', 'TXT', [txtValue('a " b')])],
    ['TXT over 1,000 characters', setOf(apex, 'www', 'TXT', [txtValue('x'.repeat(990))])], ['TXT over 1,000 characters with its escapes', setOf(apex, 'www', 'TXT', [txtValue(`${'x'.repeat(900)}${'"'.repeat(80)}`)])],
    ['SRV with the target "."', setOf(apex, '_sip._tcp', 'SRV', ['0 0 0 .'])], ['a delegation', setOf(apex, 'child', 'NS', ['ns1.example.net.'])],
  ];

  it.each(refused)('what it was seen to refuse or to spoil is refused before: %s', async (_, set) => {
    const { stage } = await open();
    const sent: Sent[] = [];

    expect(await write(stage, set, sent)).toMatchObject({ status: 'refused', code: 'unsupported' });
    expect(sent.some(({ write: isWrite }) => isWrite)).toBe(false);
  });

  it('a zone that its plan has filled is told apart from a wrong record', async () => {
    const { stage } = await open([], { recordsPerZone: 5 });

    expect((await failing(write(stage, setOf(apex, 'www', 'A', ['192.0.2.1'])))).code).toBe('zone_full');
  });

  it('an hour that is used up says when the next one begins', async () => {
    const { stage } = await open([], { rate: { perHour: 0 } });

    await expect(stage.open().findZone(search, signal)).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: expect.any(Number) });
  });
});

describe('zones', () => {
  it('the longest zone wins', async () => {
    const { stage } = await open([], { zones: [{ name: 'example.com' }, { name: 'shop.example.com' }] });

    expect(await stage.open().findZone({ ...search, hostname: ownerName('www.shop.example.com.') }, signal)).toEqual({ id: '1010/shop.example.com', apex: 'shop.example.com.' });
  });

  it('a secondary zone is not writable, and one that is switched off is told', async () => {
    const { stage } = await open([], { zones: [{ name: 'example.com', secondary: true }, { name: 'example.org', active: false }] });

    expect((await failing(stage.open().findZone(search, signal))).code).toBe('zone_not_writable');
    expect(await stage.open().checkCredential('example.com', signal)).toMatchObject({ valid: true, code: 'zone_not_writable' });
    expect(await stage.open().checkCredential('example.org', signal)).toMatchObject({ valid: true, code: null, detail: expect.stringContaining('switched off') });
  });

  it('a list that changes between two pages is not taken for the zone', async () => {
    const { stage, held } = await open(Array.from({ length: 150 }, (_, at) => ({ name: `n${at}`, content: '192.0.2.1' })));
    const adapter = stage.open({ ports: (ports) => ({ ...ports, http: { request: async (request, ofCall) => {
      const answer = await ports.http.request(request, ofCall);
      held.records.splice(10, 1);
      return answer;
    } } }) });

    expect((await failing(adapter.getRecordSets(zone, 'all', signal))).code).toBe('provider_unavailable');
  });
});

describe('tokens', () => {
  it.each([goodToken, userToken, goodToken.slice(11)])('has one of the three forms', async (token) => {
    await open();
    expect(dnsimpleCredential.parse(token)).toBe(token);
  });

  it.each([goodToken.replace('_a_', '_x_'), `Bearer ${goodToken}`, `person@example.com:${goodToken}`, `${goodToken}\n`])('refuses another form without repeating it', async (token) => {
    await open();
    expect(formRefusal(world.provider, token)).toMatch(/^credential_format: /);
  });

  it('for this zone only gets everything done', async () => {
    const { stage, held } = await open([], { zones: [{ name: 'example.com' }, { name: 'example.org' }] });
    world.fake.addToken({ value: scopedToken, zones: ['example.com'] });
    const adapter = stage.open({ token: scopedToken });

    const found = await adapter.findZone(search, signal);
    const reading = await adapter.getRecordSets(found, [www], signal);
    const [made] = await adapter.applyChanges(found, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))], reading, signal);
    const again = await adapter.getRecordSets(found, [www], signal);
    const [removed] = await adapter.applyChanges(found, [deletion(again, www, 'A')], again, signal);

    expect([made?.status, removed?.status]).toEqual(['applied', 'applied']);
    expect(held.records.some(({ type }) => type === 'A')).toBe(false);
    expect(await adapter.checkCredential('example.com', signal)).toMatchObject({ valid: true, code: null, may: ['list_zones', 'read_records', 'write_records'], widerThanNeeded: null });
    expect(await adapter.checkCredential('example.org', signal)).toMatchObject({ valid: true, code: 'zone_not_found' });
  });

  it('that may more than needed are told what is narrower', async () => {
    const { stage } = await open([], { zones: [{ name: 'example.com' }, { name: 'example.org' }], accounts: [{ id: 1010 }, { id: 2020, plan: 'solo-v2-monthly' }] });
    world.fake.addToken({ value: userToken, accounts: [1010] });
    world.fake.addToken({ value: scopedToken, account: 2020 });

    expect(await stage.open().checkCredential('example.com', signal)).toMatchObject({ widerThanNeeded: expect.stringContaining('zones, full access') });
    expect(await stage.open({ token: userToken }).checkCredential('example.com', signal)).toMatchObject({ widerThanNeeded: expect.stringContaining('token of the account') });
    expect(await stage.open({ token: scopedToken }).checkCredential(null, signal)).toMatchObject({ widerThanNeeded: expect.stringContaining('Solo') });
  });

  it('that may only read are found out, and the check changes nothing', async () => {
    const { stage, held } = await open();
    world.fake.addToken({ value: scopedToken, level: 'read' });
    const before = structuredClone(held);

    expect(await stage.open({ token: scopedToken }).checkCredential('example.com', signal)).toMatchObject({ valid: true, code: 'missing_permission', may: ['list_zones', 'read_records'] });
    expect(held).toEqual(before);
  });
});
