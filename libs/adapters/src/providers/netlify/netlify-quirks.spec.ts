import { afterEach, describe, expect, it } from '@jest/globals';
import { isConnectError, ownerName, type RecordSet } from '@connect/domain';
import { Stage, beforeEachWrite, deletion, failing, find, formRefusal, recording, setOf, type Sent } from '../../conformance/index.js';
import type { Zone } from '../../spi/index.js';
import { netlifyCredential } from './credential.js';
import { goodToken, netlifyWorld, type NetlifyWorld } from './netlify-world.fake.js';
import type { FakeRecord, FakeZone } from './netlify-records.fake.js';

/** What is odd about Netlify, each as a case. */
const otherToken = `nfp_${'abcdefABCDEF0123456789'.repeat(2)}`;
const signal = new AbortController().signal;
const apex = ownerName('example.com.');
const www = ownerName('www.example.com.');
const site = { type: 'NETLIFY', value: 'fancy-site.netlify.app', managed: true };

let world: NetlifyWorld;
afterEach(() => world.stop());

async function open(records: Partial<FakeRecord>[] = [], options: Parameters<typeof netlifyWorld>[0] = {}): Promise<{ stage: Stage; held: FakeZone; zone: Zone; at(name: string): string[] }> {
  world = await netlifyWorld({ zones: [{ name: 'example.com', records }], ...options });
  const held = world.fake.zones[0]!;
  return { stage: new Stage(world), held, zone: { id: held.id, apex }, at: (hostname) => held.records.filter((record) => record.hostname === hostname).map(({ value, ttl }) => `${value} ${ttl}`).sort() };
}

describe('there is no update', () => {
  const methods = (): string[] => world.fake.requests.map(({ method }) => method).filter((method) => method !== 'GET');

  it.each(['accepted', 'refused'] as const)('an address is made before the old one goes (copies are %s)', async (copies) => {
    const { stage, zone, at } = await open([{ hostname: 'www', value: '192.0.2.1', ttl: 300 }], { copies });
    const seen: number[] = [];

    const outcome = await stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.2']), { ports: beforeEachWrite(() => void seen.push(at('www.example.com').length)) });

    expect(outcome.status).toBe('applied');
    expect([methods(), seen, at('www.example.com')]).toEqual([['POST', 'DELETE'], [1, 2], ['192.0.2.2 300']]);
  });

  it('a CNAME gives way first, since two cannot stand together', async () => {
    const { stage, zone, at } = await open([{ hostname: 'www', type: 'CNAME', value: 'old.example.net' }]);

    expect((await stage.write(zone, setOf(apex, 'www', 'CNAME', ['new.example.net.'], 3_600))).status).toBe('applied');
    expect([methods(), at('www.example.com')]).toEqual([['DELETE', 'POST'], ['new.example.net 3600']]);
  });

  it('an ALIAS that cannot stand beside the old one gives way, too', async () => {
    const { stage, zone, at } = await open([{ type: 'ALIAS', value: 'old.example.net' }]);

    expect((await stage.write(zone, setOf(apex, '', 'ALIAS', ['new.example.net.'], 3_600))).status).toBe('applied');
    expect([methods(), at('example.com')]).toEqual([['POST', 'DELETE', 'POST'], ['new.example.net 3600']]);
  });

  it('the old CNAME comes back if the new one is refused', async () => {
    const { stage, zone, at } = await open([{ hostname: 'www', type: 'CNAME', value: 'old.example.net' }]);
    world.fake.fail({ fault: { status: 422, text: '{"errors":{"value":["is not a hostname"]}}' }, only: ({ method }) => method === 'POST' });

    expect(await stage.write(zone, setOf(apex, 'www', 'CNAME', ['new.example.net.'], 3_600))).toMatchObject({ status: 'refused', code: 'record_invalid' });
    expect(at('www.example.com')).toEqual(['old.example.net 3600']);
  });

  it('if the old one cannot come back, the outcome is unknown, and the next plan mends it', async () => {
    const { stage, zone, at } = await open([{ hostname: 'www', type: 'CNAME', value: 'old.example.net' }]);
    world.fake.fail({ fault: { status: 429, text: '{"code":429}' }, only: ({ method }) => method === 'POST', times: 2 });

    expect(await stage.write(zone, setOf(apex, 'www', 'CNAME', ['new.example.net.']))).toMatchObject({ status: 'unknown', code: 'outcome_unknown' });
    expect((await stage.write(zone, setOf(apex, 'www', 'CNAME', ['new.example.net.']))).status).toBe('applied');
    expect(at('www.example.com')).toEqual(['new.example.net 300']);
  });

  it('a new record beside an old one that could not be deleted is unknown, and the next plan mends it', async () => {
    const { stage, zone, at } = await open([{ hostname: 'www', value: '192.0.2.1', ttl: 300 }]);
    const wanted = setOf(apex, 'www', 'A', ['192.0.2.2']);
    world.fake.fail({ fault: { status: 429, text: '{"code":429}' }, only: ({ method }) => method === 'DELETE' });

    expect((await stage.write(zone, wanted)).status).toBe('unknown');
    expect(at('www.example.com')).toEqual(['192.0.2.1 300', '192.0.2.2 300']);
    expect((await stage.write(zone, wanted)).status).toBe('applied');
    expect(at('www.example.com')).toEqual(['192.0.2.2 300']);
  });

  it.each(['accepted', 'refused'] as const)('only the TTL of two values changes where copies are %s', async (copies) => {
    const { stage, zone, at } = await open(['one', 'two'].map((value) => ({ hostname: 'www', type: 'TXT', value, ttl: 300 })), { copies });

    expect((await stage.write(zone, setOf(apex, 'www', 'TXT', ['"one"', '"two"'], 3_600))).status).toBe('applied');
    expect(at('www.example.com')).toEqual(['one 3600', 'two 3600']);
  });

  it('a foreign value of the set keeps its id', async () => {
    const { stage, held, zone } = await open([{ hostname: 'www', type: 'TXT', value: 'foreign', ttl: 300 }, { hostname: 'www', type: 'TXT', value: 'ours', ttl: 300 }]);
    const [{ id }] = held.records as [FakeRecord];

    await stage.write(zone, setOf(apex, 'www', 'TXT', ['"foreign"', '"new"']));

    expect(held.records.find(({ value }) => value === 'foreign')?.id).toBe(id);
  });
});

describe('records of a site', () => {
  it.each(['A', 'AAAA', 'ALIAS', 'CNAME'])('%s at its name is refused before anything is sent, and says why', async (type) => {
    const { stage, held, zone } = await open([{ ...site, hostname: 'www' }]);
    const sent: Sent[] = [];
    const value = { A: '192.0.2.1', AAAA: '2001:db8::1' }[type] ?? 'target.example.net.';

    expect(await stage.write(zone, setOf(apex, 'www', type, [value]), { ports: recording(sent) })).toMatchObject({ status: 'refused', code: 'record_conflict' });
    expect(sent.some((call) => call.write)).toBe(false);
    expect(held.records.map((record) => record.type)).toEqual(['NETLIFY']);
  });

  it('text and mail stand beside it at the apex', async () => {
    const { stage, zone, at } = await open([site]);

    expect((await stage.write(zone, setOf(apex, '', 'TXT', ['"verification"']))).status).toBe('applied');
    expect((await stage.write(zone, setOf(apex, '', 'MX', ['10 mail.example.net.']))).status).toBe('applied');
    expect(at('example.com')).toHaveLength(3);
  });

  it('one that appears in between is a conflict in their words', async () => {
    const { stage, held, zone } = await open();

    const outcome = await stage.write(zone, setOf(apex, '', 'A', ['192.0.2.1']), { ports: beforeEachWrite(() => void world.fake.addRecord(held, site)) });

    expect(outcome).toMatchObject({ status: 'refused', code: 'record_conflict', detail: expect.stringContaining('NETLIFY') });
  });

  it.each([site, { type: 'NETLIFYv6', value: 'fancy-site.netlify.app' }, { type: 'A', value: '192.0.2.1', managed: true }])('$type is read and never deleted', async (record) => {
    const { stage, held, zone } = await open([record]);
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);

    const [outcome] = await adapter.applyChanges(zone, [deletion(reading, apex, record.type)], reading, signal);

    expect(find(reading.recordSets, apex, record.type)?.untouchable).toBe('managed_record');
    expect([outcome?.status, held.records.length]).toEqual(['refused', 1]);
  });
});

describe('a managed text', () => {
  it('stays while texts beside it come and go', async () => {
    const { stage, held, zone } = await open([{ type: 'TXT', value: 'theirs', ttl: 300, managed: true }]);
    const before = structuredClone(held.records);

    expect((await stage.write(zone, setOf(apex, '', 'TXT', ['"theirs"', '"ours"']))).status).toBe('applied');
    expect(await stage.write(zone, setOf(apex, '', 'TXT', ['"ours"']))).toMatchObject({ status: 'refused', code: 'unsupported' });
    expect((await stage.write(zone, setOf(apex, '', 'TXT', ['"theirs"']))).status).toBe('applied');
    expect(held.records).toEqual(before);
  });
});

describe('creates', () => {
  it('a 500 for a field that is missing is final; any other 500 and 503 is looked at first', async () => {
    const { stage, zone } = await open();
    const fails = (status: number, error: string): void => world.fake.fail({ fault: { status, text: JSON.stringify({ error }) }, only: ({ method }) => method === 'POST' });
    const outcomes: unknown[] = [];
    for (const [status, error] of [[500, "undefined method `end_with?' for nil:NilClass"], [500, 'Internal Server Error'], [503, 'Service Unavailable']] as const) {
      fails(status, error);
      outcomes.push((await stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.1']))).code);
    }

    expect(outcomes).toEqual(['record_invalid', 'outcome_unknown', 'outcome_unknown']);
  });

  it('that are refused as copies, since somebody was faster, make a new plan', async () => {
    const { stage, held, zone } = await open([], { copies: 'refused' });

    const outcome = await stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.1']), { ports: beforeEachWrite(() => void world.fake.addRecord(held, { hostname: 'www', value: '192.0.2.1' })) });

    expect(outcome).toMatchObject({ status: 'refused', code: 'zone_changed' });
  });

  const refused: [string, RecordSet][] = [['an empty TXT', setOf(apex, 'www', 'TXT', ['""'])], ['null MX', setOf(apex, 'www', 'MX', ['0 .'])], ['HTTPS', setOf(apex, 'www', 'HTTPS', ['1 .'])], ['SSHFP', setOf(apex, 'www', 'SSHFP', ['4 2 00'])], ['a CNAME at the apex', setOf(apex, '', 'CNAME', ['a.example.net.'])]];

  it.each(refused)('%s is refused before anything is sent', async (_, set) => {
    const { stage, zone } = await open();
    const sent: Sent[] = [];

    expect(await stage.write(zone, set, { ports: recording(sent) })).toMatchObject({ status: 'refused', code: 'unsupported' });
    expect(sent.some((call) => call.write)).toBe(false);
  });
});

describe('zones', () => {
  const search = { hostname: ownerName('www.shop.example.com.'), apex, zone: null };

  it('the gate: a domain that is no Netlify DNS zone is told how it becomes one', async () => {
    const { stage } = await open([], { zones: [{ name: 'example.net' }] });

    expect(await failing(stage.open().findZone(search, signal))).toMatchObject({ code: 'zone_not_found', detail: expect.stringContaining('Set up Netlify DNS') });
    expect(await stage.open().checkCredential('example.com', signal)).toMatchObject({ valid: true, code: 'zone_not_found', detail: expect.stringContaining('Set up Netlify DNS'), zones: [] });
  });

  it('the longest name wins', async () => {
    const { stage } = await open([], { zones: [{ name: 'example.com' }, { name: 'shop.example.com' }] });

    expect((await stage.open().findZone(search, signal)).apex).toBe('shop.example.com.');
  });

  it('of two teams with one name none is taken, and the id decides', async () => {
    const { stage, held } = await open([], { zones: [{ name: 'example.com', team: 'one' }, { name: 'example.com', team: 'two' }] });

    expect(await failing(stage.open().findZone(search, signal))).toMatchObject({ code: 'zone_ambiguous', detail: expect.stringContaining(held.id) });
    expect(await stage.open().findZone({ ...search, zone: held.id }, signal)).toEqual({ id: held.id, apex });
    expect(await stage.open().checkCredential('example.com', signal)).toMatchObject({ valid: true, code: 'zone_ambiguous' });
    expect(await stage.open().checkCredential(held.id, signal)).toMatchObject({ valid: true, code: null, zones: [{ id: held.id, apex }] });
  });

  it.each([['an id that is not there', () => 'f'.repeat(24), search.hostname], ['the id of a zone that does not hold the name', () => world.fake.zones[0]!.id, ownerName('www.example.net.')]] as const)('%s is refused', async (_, idOf, hostname) => {
    const { stage } = await open();

    expect(await failing(stage.open().findZone({ ...search, hostname, zone: idOf() }, signal))).toMatchObject({ code: 'zone_not_found', detail: expect.any(String) });
  });

  it.each([['by_link', 3], ['none', 2]] as const)('every zone is read where pages come %s', async (zonePages, calls) => {
    const { stage } = await open([], { zones: Array.from({ length: 250 }, (_, at) => ({ name: `n${at}.example` })), zonePages });

    expect((await stage.open().checkCredential(null, signal)).zones).toHaveLength(250);
    expect(world.fake.requests).toHaveLength(calls);
  });
});

describe('tokens', () => {
  it.each([goodToken, 'A1b2C3d4-E5f6_G7h8I9j0K1l2M3n4O5p6Q7r8S9t0U1'])('with and without the prefix', async (token) => {
    await open();
    expect(netlifyCredential.parse(token)).toBe(token);
  });

  it.each([`Bearer ${goodToken}`, `${goodToken}\n`, 'nfp_short', `${goodToken}:x`])('another form is refused without repeating it', async (token) => {
    await open();
    expect(formRefusal(world.provider, token)).toMatch(/^credential_format: /);
  });

  it('of a user that is a member of the one team gets everything done, and sees no other', async () => {
    const { stage, zone, at } = await open([], { zones: [{ name: 'example.com' }, { name: 'example.net', team: 'other' }] });
    world.fake.addToken({ value: otherToken, teams: ['team'] });
    const adapter = stage.open({ token: otherToken });

    const finding = await adapter.checkCredential(null, signal);
    const found = await adapter.findZone({ hostname: www, apex, zone: null }, signal);
    const made = await stage.write(found, setOf(apex, 'www', 'A', ['192.0.2.1']), { token: otherToken });

    expect(finding).toMatchObject({ valid: true, code: null, zones: [zone], widerThanNeeded: expect.not.stringContaining('teams.') });
    expect([made.status, at('www.example.com')]).toEqual(['applied', ['192.0.2.1 300']]);
    expect((await stage.open().checkCredential(null, signal)).widerThanNeeded).toContain('zones of 2 teams');
  });

  it('of a user that may not write is told at the first write', async () => {
    const { stage, zone } = await open();
    world.fake.addToken({ value: otherToken, mayWrite: false });

    expect(await stage.open({ token: otherToken }).checkCredential('example.com', signal)).toMatchObject({ valid: true, detail: expect.stringContaining('first write') });
    expect(await failing(stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.1']), { token: otherToken }))).toMatchObject({ code: 'missing_permission', detail: expect.any(String) });
  });

  it('that has used up its calls says until when', async () => {
    const { stage, zone } = await open([], { rate: { calls: 0 } });

    const error = await stage.open().getRecordSets(zone, 'all', signal).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code: 'rate_limited' });
    expect(isConnectError(error) && error.retryAfterMs! > 50_000 && error.retryAfterMs! <= 61_000).toBe(true);
  });
});
