import { afterEach, describe, expect, it } from '@jest/globals';
import { ownerName, txtValue, type RecordSet } from '@connect/domain';
import { Stage, changeTo, deletion, find, recording, setOf, withValue, type FakeFault, type Sent } from '../../conformance/index.js';
import { gcpdnsWorld, setsOf, type GcpdnsWorld } from './gcpdns-world.fake.js';
import { failed, type GcpdnsFakeOptions } from './gcpdns.fake.js';
import type { HeldSet, HeldZone } from './gcpdns-zone.fake.js';

const apex = ownerName('example.com.');
const www = ownerName('www.example.com.');
const zone = { id: 'example-com', apex };
const signal = new AbortController().signal;
const wanted: RecordSet = setOf(apex, 'www', 'A', ['192.0.2.50'], 60);
let world: GcpdnsWorld;

afterEach(() => world.stop());

async function open(options: Partial<GcpdnsFakeOptions> = {}, rrsets: HeldSet[] = []): Promise<{ stage: Stage; held: HeldZone }> {
  world = await gcpdnsWorld(options);
  const held = world.fake.addZone({ name: 'example-com', dnsName: apex, rrsets });
  return { stage: new Stage(world), held };
}

const apiCalls = (): string[] => world.fake.requests.filter(({ path }) => path.startsWith('/dns/')).map(({ method, path, query }) => `${method} ${path.replace(/^.*\/managedZones/, '')}${query.has('name') ? ` ${query.get('name')}` : ''}`);

describe('reading', () => {
  it('asks for few names one by one and for many with whole pages', async () => {
    const { stage } = await open();
    const adapter = stage.open();

    await adapter.getRecordSets(zone, [www, apex], signal);
    await adapter.getRecordSets(zone, Array.from({ length: 50 }, (_, at) => ownerName(`n${at}.example.com.`)), signal);

    expect(apiCalls()).toEqual(['GET /example-com/rrsets www.example.com.', 'GET /example-com/rrsets example.com.', 'GET /example-com/rrsets']);
  });

  it('goes on until no page is named, though the server gives fewer than asked for', async () => {
    const { stage, held } = await open({ pageLimit: 7 }, Array.from({ length: 100 }, (_, at) => ({ name: `n${at}.example.com.`, type: 'A', ttl: 60, rrdatas: ['192.0.2.1'] })));

    const { recordSets, recordSetCount } = await stage.open().getRecordSets(zone, 'all', signal);

    expect(recordSets.filter(({ type }) => type !== 'SOA')).toHaveLength(setsOf(held).length);
    expect(recordSetCount).toBe(102);
  });

  it('does not follow pages that go in a circle', async () => {
    const { stage } = await open();
    world.fake.fail({ fault: { status: 200, text: '{"kind":"dns#resourceRecordSetsListResponse","nextPageToken":"same"}' }, only: ({ path }) => path.endsWith('/rrsets'), times: 5 });

    await expect(stage.open().getRecordSets(zone, 'all', signal)).rejects.toMatchObject({ code: 'provider_protocol' });
  });

  it('understands text that somebody wrote without quotes, as the server split it', async () => {
    const { stage } = await open({}, [{ name: 'www.example.com.', type: 'TXT', ttl: 60, rrdatas: ['v=spf1 -all'] }]);

    const { recordSets } = await stage.open().getRecordSets(zone, [www], signal);

    expect(recordSets).toEqual([setOf(apex, 'www', 'TXT', ['"v=spf1" "-all"'], 60)]);
  });
});

describe('compare-and-swap', () => {
  it.each([
    ['another TTL', { ttl: 61, rrdatas: ['192.0.2.1'] }],
    ['a value more', { ttl: 60, rrdatas: ['192.0.2.1', '192.0.2.2'] }],
    ['nothing any more', null],
  ])('a set that has got %s meanwhile is not written over', async (_, meanwhile) => {
    const { stage, held } = await open({}, [{ name: www, type: 'A', ttl: 60, rrdatas: ['192.0.2.1'] }]);
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);
    if (meanwhile === null) held.sets.delete(`${www} A`);
    else held.put({ name: www, type: 'A', ...meanwhile });

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, wanted)], reading, signal);

    expect(outcome).toMatchObject({ status: 'refused', code: 'zone_changed' });
    expect(held.sets.get(`${www} A`)?.rrdatas).toEqual(meanwhile?.rrdatas);
  });

  it('a set that somebody creates while our request is under way survives it', async () => {
    const { stage, held } = await open({ betweenCheckAndWrite: () => held.put({ name: www, type: 'A', ttl: 60, rrdatas: ['198.51.100.1'] }) });
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, wanted)], reading, signal);

    expect(outcome).toMatchObject({ status: 'refused', code: 'zone_changed' });
    expect(held.sets.get(`${www} A`)?.rrdatas).toEqual(['198.51.100.1']);
  });

  it('the order of the values in a set does not matter', async () => {
    const { stage, held } = await open({}, [{ name: www, type: 'TXT', ttl: 60, rrdatas: ['"b"', '"a"'] }]);
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);
    held.put({ name: www, type: 'TXT', ttl: 60, rrdatas: ['"a"', '"b"'] });

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, withValue(find(reading.recordSets, www, 'TXT')!, '"ours"'))], reading, signal);

    expect(outcome).toMatchObject({ status: 'applied', detail: null });
    expect(held.sets.get(`${www} TXT`)?.rrdatas).toEqual(['"b"', '"a"', '"ours"']);
  });

  it('all changes go in one request, and PATCH, which overwrites, is never sent', async () => {
    const { stage } = await open({}, [{ name: www, type: 'CNAME', ttl: 60, rrdatas: ['old.example.net.'] }]);
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);

    await adapter.applyChanges(zone, [deletion(reading, www, 'CNAME'), changeTo(reading, wanted), changeTo(reading, setOf(apex, '', 'TXT', ['"x"']))], reading, signal);

    expect(apiCalls().filter((call) => !call.startsWith('GET'))).toEqual(['POST /example-com/changes']);
  });
});

describe('what is not written', () => {
  const policy: HeldSet = { name: www, type: 'A', ttl: 30, rrdatas: [], routingPolicy: { wrr: { items: [{ weight: 1, rrdatas: ['192.0.2.8'] }] } } };

  it('a routing policy is neither changed nor deleted, and nothing is sent', async () => {
    const sent: Sent[] = [];
    const { stage, held } = await open({}, [policy]);
    const adapter = stage.open({ ports: recording(sent) });
    const reading = await adapter.getRecordSets(zone, 'all', signal);

    const outcomes = [...(await adapter.applyChanges(zone, [changeTo(reading, wanted)], reading, signal)), ...(await adapter.applyChanges(zone, [deletion(reading, www, 'A')], reading, signal))];

    expect(outcomes.map(({ status, code }) => [status, code])).toEqual([['refused', 'unsupported'], ['refused', 'unsupported']]);
    expect(sent.some(({ write }) => write)).toBe(false);
    expect(held.sets.get(`${www} A`)).toEqual(policy);
  });

  it('a routing policy stands in the way of a CNAME', async () => {
    const { stage } = await open({}, [policy]);
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'CNAME', ['target.example.net.']))], reading, signal);

    expect(outcome).toMatchObject({ status: 'refused', code: 'record_conflict' });
  });

  it('ALIAS is written at the apex and refused below it; its neighbours are written', async () => {
    const { stage, held } = await open();
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);

    const outcomes = await adapter.applyChanges(zone, ['', 'www'].map((name) => changeTo(reading, setOf(apex, name, 'ALIAS', ['target.example.net.']))), reading, signal);

    expect(outcomes.map(({ status, code }) => [status, code])).toEqual([['applied', null], ['refused', 'unsupported']]);
    expect(held.sets.get(`${apex} ALIAS`)?.rrdatas).toEqual(['target.example.net.']);
  });

  it('ALIAS in a signed zone is refused by Cloud DNS, and nothing is half-written', async () => {
    const { stage, held } = await open();
    held.seed.dnssec = 'on';
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);

    const outcomes = await adapter.applyChanges(zone, [changeTo(reading, wanted), changeTo(reading, setOf(apex, '', 'ALIAS', ['target.example.net.']))], reading, signal);

    expect(outcomes).toMatchObject([{ status: 'refused', code: 'record_invalid' }, { status: 'refused', code: 'record_invalid', detail: expect.stringContaining('ALIAS at example.com.') }]);
    expect(held.sets.has(`${www} A`)).toBe(false);
  });

  it.each([
    ['more than 100 records in a set', setOf(apex, 'www', 'TXT', Array.from({ length: 101 }, (_, at) => `"${at}"`))],
    ['a delegation to nine name servers', setOf(apex, 'child', 'NS', Array.from({ length: 9 }, (_, at) => `ns${at}.example.net.`))],
    ['NS at a wildcard', setOf(apex, '*', 'NS', ['ns1.example.net.'])],
  ])('%s: named before anything is sent, and refused by the fake, too', async (_, set) => {
    const sent: Sent[] = [];
    const { stage, held } = await open();
    const adapter = stage.open({ ports: recording(sent) });
    const reading = await adapter.getRecordSets(zone, 'all', signal);

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, set)], reading, signal);

    expect(outcome).toMatchObject({ status: 'refused', code: 'unsupported' });
    expect(sent.some(({ write }) => write)).toBe(false);
    expect(typeof held.judge([{ name: set.ownerName, type: set.type, ttl: 60, rrdatas: set.values }], [])).toBe('object');
  });

  it('in a set that is larger already their raised quota decides: what is ours comes and goes', async () => {
    const values = Array.from({ length: 101 }, (_, at) => `"${at}"`);
    const { stage, held } = await open({ recordsPerSet: 102 }, [{ name: www, type: 'TXT', ttl: 300, rrdatas: values }]);

    expect((await stage.write(zone, setOf(apex, 'www', 'TXT', [...values, '"ours"']))).status).toBe('applied');
    await expect(stage.write(zone, setOf(apex, 'www', 'TXT', [...values, '"ours"', '"more"']))).rejects.toMatchObject({ code: 'zone_full' });
    expect((await stage.write(zone, setOf(apex, 'www', 'TXT', values))).status).toBe('applied');
    expect(held.sets.get(`${www} TXT`)?.rrdatas).toEqual(values);
  });

  it('more than 100,000 octets in one write is named before anything is sent', async () => {
    const sent: Sent[] = [];
    const { stage } = await open();
    const adapter = stage.open({ ports: recording(sent) });
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    const long = Array.from({ length: 3 }, () => 'x'.repeat(63)).join('.');
    const large = Array.from({ length: 5 }, (_, at) => setOf(apex, `large-${at}`, 'MX', Array.from({ length: 100 }, (__, value) => `10 m${value}.${long}.example.net.`)));

    const outcomes = await adapter.applyChanges(zone, large.map((set) => changeTo(reading, set)), reading, signal);

    expect(new Set(outcomes.map(({ code }) => code))).toEqual(new Set(['record_invalid']));
    expect(sent.some(({ write }) => write)).toBe(false);
    expect(await adapter.applyChanges(zone, [changeTo(reading, large[0]!)], reading, signal)).toMatchObject([{ status: 'applied' }]);
  });

  it('a zone without room is zone_full, and nothing is half-written', async () => {
    const { stage, held } = await open({}, Array.from({ length: 9_997 }, (_, at) => ({ name: `n${at}.example.com.`, type: 'A', ttl: 60, rrdatas: ['192.0.2.1'] })));
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www, ownerName('second.example.com.')], signal);

    await expect(adapter.applyChanges(zone, [changeTo(reading, wanted), changeTo(reading, setOf(apex, 'second', 'A', ['192.0.2.2']))], reading, signal)).rejects.toMatchObject({ code: 'zone_full' });
    expect(held.sets.size).toBe(9_999);
  });
});

describe('text beyond ASCII', () => {
  it('goes out with decimal escapes, since octets as they are were seen refused', async () => {
    const { stage, held } = await open();
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'TXT', [txtValue('grüße')]))], reading, signal);

    expect(outcome).toMatchObject({ status: 'applied', detail: null });
    expect(held.sets.get(`${www} TXT`)?.rrdatas).toEqual(['"gr\\195\\188\\195\\159e"']);
    expect(held.judge([{ name: apex, type: 'TXT', ttl: 60, rrdatas: ['"v=spf1 –all"'] }], [])).toMatchObject({ status: 400, reason: 'invalid' });
  });
});

describe('after a write', () => {
  it.each([[0, [1_000], null], [1, [1_000, 3_000], null], [9, [1_000, 3_000], 'accepted, and not yet on all name servers']] as const)('looks a few times whether it is done and no longer (%i times pending)', async (pendingLooks, pauses, detail) => {
    const paused: number[] = [];
    const { stage } = await open({ pendingLooks });
    const adapter = stage.open({ ports: (ports) => ({ ...ports, pause: (ms) => Promise.resolve(void paused.push(ms)) }) });
    const reading = await adapter.getRecordSets(zone, [www], signal);

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, wanted)], reading, signal);

    expect(outcome).toMatchObject({ status: 'applied', detail });
    expect(paused).toEqual(pauses);
  });

  it('trouble with that look does not undo what was accepted', async () => {
    const { stage } = await open();
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);
    world.fake.fail({ fault: failed({ status: 500, reason: 'backendError', message: 'Backend Error' }), only: ({ path }) => /changes\/\d+$/.test(path), times: 5 });

    expect(await adapter.applyChanges(zone, [changeTo(reading, wanted)], reading, signal)).toMatchObject([{ status: 'applied', detail: expect.stringContaining('not known') }]);
  });
});

describe('trouble with a write', () => {
  const posted = { only: ({ path }: { path: string }) => path.endsWith('/changes') };
  const backend = (status: number): FakeFault => failed({ status, reason: 'backendError', message: 'Backend Error' });

  it.each([['lost', 'lost', true], ['cut', 'cut', true], ['html', 'html', false], ['500', backend(500), false], ['502', backend(502), false]] as const)('%s: unknown, and a look shows what is so', async (_, fault, happened) => {
    const { stage, held } = await open();
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);
    world.fake.fail({ fault, ...posted });

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, wanted)], reading, signal);

    expect(outcome).toMatchObject({ status: 'unknown', code: 'outcome_unknown' });
    expect(held.sets.has(`${www} A`)).toBe(happened);
  });

  it('a rate limit is waited for, and nothing has happened', async () => {
    const { stage, held } = await open();
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);
    world.fake.fail({ fault: failed({ status: 403, reason: 'userRateLimitExceeded', message: 'User Rate Limit Exceeded' }), ...posted });

    await expect(adapter.applyChanges(zone, [changeTo(reading, wanted)], reading, signal)).rejects.toMatchObject({ code: 'rate_limited' });
    expect(held.sets.has(`${www} A`)).toBe(false);
  });

  it('the calls of a minute are counted for the project', async () => {
    const { stage } = await open({ callsPerMinute: 2, now: () => new Date('2026-11-25T12:00:30Z') });
    const adapter = stage.open({ ports: (ports) => ({ ...ports, clock: { now: () => new Date('2026-11-25T12:00:30Z') } }) });
    const read = (): Promise<unknown> => adapter.getRecordSets(zone, [www], signal);
    await read();
    await read();

    await expect(read()).rejects.toMatchObject({ code: 'rate_limited' });
  });
});
