import { afterEach, describe, expect, it } from '@jest/globals';
import { ownerName, type RecordSet } from '@connect/domain';
import { Stage, changeTo, deletion, find, recording, setOf, withValue, type FakeFault, type Sent } from '../../conformance/index.js';
import type { Zone } from '../../spi/index.js';
import { heldName, keyOf, type HeldSet } from './route53-zone.fake.js';
import { route53Fault, type Route53FaultKind } from './route53.fake.js';
import { goodToken, route53World, type Route53World } from './route53-world.fake.js';

/** What is odd about Route 53, each as a case. The zone Z123ABC is example.com. */
const limitedToken = 'AKIAI44QH8DHBEXAMPLE:je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY';
const documentedRights = ['ChangeResourceRecordSets', 'ListResourceRecordSets', 'GetHostedZone'];
const signal = new AbortController().signal;
const zone: Zone = { id: 'Z123ABC', apex: ownerName('example.com.') };
const www = ownerName('www.example.com.');

let world: Route53World;
afterEach(() => world.stop());

async function open(options: Parameters<typeof route53World>[0] = {}, records: Partial<HeldSet>[] = []): Promise<{ stage: Stage; held: Map<string, HeldSet> }> {
  world = await route53World({ zones: [{ name: 'example.com', id: 'Z123ABC', records }], ...options });
  return { stage: new Stage(world), held: world.fake.zones.get('Z123ABC')?.sets ?? new Map<string, HeldSet>() };
}

const heldAt = (held: Map<string, HeldSet>, name: string, type: string): HeldSet | undefined => held.get(keyOf({ name: heldName(name), type }));
const weighted = (name: string, count: number): HeldSet[] => Array.from({ length: count }, (_, at) => ({ name, type: 'A', ttl: 60, values: [`192.0.2.${at % 250}`], setIdentifier: `s${String(at).padStart(4, '0')}`, more: { Weight: '1' } }));

describe('a customer with exactly the rights of the page', () => {
  it('gets the records written: no listing of zones, no GetChange', async () => {
    const { stage, held } = await open();
    world.fake.addKey(limitedToken, { actions: documentedRights, zoneIds: ['Z123ABC'] });
    const adapter = stage.open({ token: limitedToken });

    const found = await adapter.findZone({ hostname: www, apex: zone.apex, zone: 'Z123ABC' }, signal);
    const reading = await adapter.getRecordSets(found, [www], signal);
    const [outcome] = await adapter.applyChanges(found, [changeTo(reading, setOf(zone.apex, 'www', 'CNAME', ['target.example.net.']))], reading, signal);

    expect(outcome).toMatchObject({ status: 'applied', detail: expect.stringContaining('route53:GetChange') });
    expect(heldAt(held, 'www.example.com', 'CNAME')?.values).toEqual(['target.example.net.']);
    expect(world.fake.calls.map(({ action }) => action)).toEqual(['GetHostedZone', 'ListResourceRecordSets', 'ChangeResourceRecordSets', 'GetChange']);
  });

  it('is told that the key is right, and that it is not wider than needed', async () => {
    const { stage, held } = await open();
    world.fake.addKey(limitedToken, { actions: documentedRights, zoneIds: ['Z123ABC'] });
    const before = new Map(held);

    const finding = await stage.open({ token: limitedToken }).checkCredential('Z123ABC', signal);

    expect(finding).toMatchObject({ valid: true, code: null, zones: [zone], may: ['read_records', 'write_records'], widerThanNeeded: null });
    expect(held).toEqual(before);
  });

  it('is told so without a zone, too', async () => {
    const { stage } = await open();
    world.fake.addKey(limitedToken, { actions: documentedRights, zoneIds: ['Z123ABC'] });

    expect(await stage.open({ token: limitedToken }).checkCredential(null, signal)).toMatchObject({ valid: true, code: null, zones: [], zonesComplete: false });
  });

  it('needs no GetHostedZone if ListResourceRecordSets is allowed: the page names both', async () => {
    const { stage } = await open();
    world.fake.addKey(limitedToken, { actions: ['ChangeResourceRecordSets', 'ListResourceRecordSets'], zoneIds: ['Z123ABC'] });

    expect(await stage.open({ token: limitedToken }).findZone({ hostname: www, apex: zone.apex, zone: 'Z123ABC' }, signal)).toEqual(zone);
  });

  it('is asked for the hosted zone ID where only a name was given', async () => {
    const { stage } = await open();
    world.fake.addKey(limitedToken, { actions: documentedRights, zoneIds: ['Z123ABC'] });

    await expect(stage.open({ token: limitedToken }).findZone({ hostname: www, apex: zone.apex, zone: null }, signal)).rejects.toMatchObject({ code: 'missing_permission', detail: expect.stringContaining('hosted zone ID') });
  });
});

describe('the check of a credential', () => {
  it('says that a key which lists all zones is wider than needed', async () => {
    const { stage } = await open();

    expect(await stage.open().checkCredential('Z123ABC', signal)).toMatchObject({ valid: true, may: ['list_zones', 'read_records', 'write_records'], widerThanNeeded: expect.stringContaining('list') });
  });

  it('sees that a key may only read', async () => {
    const { stage } = await open();
    world.fake.addKey(limitedToken, { actions: ['ListResourceRecordSets', 'GetHostedZone'] });

    expect(await stage.open({ token: limitedToken }).checkCredential('Z123ABC', signal)).toMatchObject({ valid: true, code: 'missing_permission', may: ['read_records'] });
  });

  it('tells a right key without the zone from a wrong key', async () => {
    const { stage } = await open();

    expect(await stage.open().checkCredential('Z999', signal)).toMatchObject({ valid: true, code: 'zone_not_found' });
    expect(await stage.open({ token: world.wrongToken }).checkCredential('Z123ABC', signal)).toMatchObject({ valid: false, code: 'rejected_credential' });
    expect(await stage.open({ token: limitedToken }).checkCredential('Z123ABC', signal)).toMatchObject({ valid: false, code: 'rejected_credential' });
  });
});

describe('finding the zone', () => {
  it('takes the ID as their API writes it', async () => {
    const { stage } = await open();

    expect(await stage.open().findZone({ hostname: www, apex: zone.apex, zone: '/hostedzone/Z123ABC' }, signal)).toEqual(zone);
  });

  it('refuses an ID whose zone is for another name', async () => {
    const { stage } = await open();

    await expect(stage.open().findZone({ hostname: ownerName('www.example.org.'), apex: ownerName('example.org.'), zone: 'Z123ABC' }, signal)).rejects.toMatchObject({ code: 'zone_not_found' });
  });

  it('passes over private twins, however many stand first', async () => {
    const { stage } = await open({ zones: [...Array.from({ length: 101 }, (_, at) => ({ name: 'example.com', id: `Z0${String(at).padStart(3, '0')}`, private: true })), { name: 'example.com', id: 'Z123ABC' }, { name: 'example.com.evil.example' }] });

    expect(await stage.open().findZone({ hostname: www, apex: zone.apex, zone: null }, signal)).toEqual(zone);
  });

  it('prefers the delegated sub-zone', async () => {
    const { stage } = await open({ zones: [{ name: 'example.com', id: 'Z123ABC' }, { name: 'shop.example.com', id: 'Z5' }] });

    expect(await stage.open().findZone({ hostname: ownerName('www.shop.example.com.'), apex: zone.apex, zone: null }, signal)).toEqual({ id: 'Z5', apex: 'shop.example.com.' });
  });

  it('does not choose between two public zones of one name', async () => {
    const { stage } = await open({ zones: [{ name: 'example.com', id: 'Z1' }, { name: 'example.com', id: 'Z2', private: false }] });

    await expect(stage.open().findZone({ hostname: www, apex: zone.apex, zone: null }, signal)).rejects.toMatchObject({ code: 'zone_ambiguous' });
    expect((await stage.open().findZone({ hostname: www, apex: zone.apex, zone: 'Z2' }, signal)).id).toBe('Z2');
  });

  it.each([[{ private: true }, 'zone_not_writable'], [{ linkedService: true }, 'zone_not_writable'], [{ recovery: 'ENABLING_HOSTED_ZONE_LOCKED' }, 'provider_unavailable']])('refuses a zone with %j', async (options, code) => {
    const { stage } = await open({ zones: [{ name: 'example.com', id: 'Z123ABC', ...options }] });

    await expect(stage.open().findZone({ hostname: www, apex: zone.apex, zone: 'Z123ABC' }, signal)).rejects.toMatchObject({ code });
  });

  it('refuses a private zone also where GetHostedZone is denied', async () => {
    const { stage } = await open({ zones: [{ name: 'example.com', id: 'Z123ABC', private: true }] });
    world.fake.addKey(limitedToken, { actions: ['ListResourceRecordSets'] });

    await expect(stage.open({ token: limitedToken }).findZone({ hostname: www, apex: zone.apex, zone: 'Z123ABC' }, signal)).rejects.toMatchObject({ code: 'zone_not_writable' });
  });

  it('pages through all zones of the account', async () => {
    const { stage } = await open({ zones: Array.from({ length: 205 }, (_, at) => ({ name: `zone-${at}.example` })) });

    const finding = await stage.open().checkCredential(null, signal);

    expect(finding.zones).toHaveLength(205);
    expect(finding.zonesComplete).toBe(true);
  });
});

describe('sets that are more than values', () => {
  const alias: Partial<HeldSet> = { name: 'example.com', type: 'A', ttl: null, aliasTarget: { hostedZoneId: 'Z2FDTNDATAQYW2', dnsName: 'd1.cloudfront.net.' } };

  it.each([['an alias', [alias], zone.apex], ['a routing policy', weighted('www.example.com', 2), www]] as const)('%s is neither changed nor deleted, and nothing is sent', async (_, records, name) => {
    const sent: Sent[] = [];
    const { stage, held } = await open({}, [...records]);
    const adapter = stage.open({ ports: recording(sent) });
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    const before = new Map(held);
    const present = find(reading.recordSets, name, 'A')!;

    const changed = await adapter.applyChanges(zone, [changeTo(reading, { ownerName: name, type: 'A', ttlSeconds: 60, values: ['192.0.2.9'] })], reading, signal);
    const deleted = await adapter.applyChanges(zone, [deletion(reading, name, 'A')], reading, signal);

    expect(present.untouchable).toBeDefined();
    expect([...changed, ...deleted].map(({ status, code }) => [status, code])).toEqual([['refused', 'unsupported'], ['refused', 'unsupported']]);
    expect(sent.some(({ write }) => write)).toBe(false);
    expect(held).toEqual(before);
  });

  it('stand in the way of a CNAME', async () => {
    const { stage } = await open({}, weighted('www.example.com', 2));
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, setOf(zone.apex, 'www', 'CNAME', ['target.example.net.']))], reading, signal);

    expect(outcome).toMatchObject({ status: 'refused', code: 'record_conflict' });
  });

  it('are read whole across pages, the place between two of one name included', async () => {
    const { stage } = await open({}, [...weighted('www.example.com', 650), { name: 'zzz.example.com', values: ['192.0.2.1'] }]);
    const adapter = stage.open();

    const all = await adapter.getRecordSets(zone, 'all', signal);
    const one = await adapter.getRecordSets(zone, [www], signal);

    expect(find(all.recordSets, www, 'A')?.values).toHaveLength(250);
    expect(find(all.recordSets, ownerName('zzz.example.com.'), 'A')?.values).toEqual(['192.0.2.1']);
    expect(find(one.recordSets, www, 'A')).toEqual(find(all.recordSets, www, 'A'));
  });
});

describe('a set of more than 400 values', () => {
  const values = Array.from({ length: 401 }, (_, at) => `"${at}"`);

  it('is not made; one that stands there shows that they take it, and what is ours in it comes and goes', async () => {
    const { stage, held } = await open({ zones: [{ name: 'example.com', id: 'Z123ABC', maxValues: 402, records: [{ name: 'www.example.com', type: 'TXT', ttl: 300, values }] }] });

    await stage.refusesUnsent(zone, setOf(zone.apex, 'new', 'TXT', values));
    expect((await stage.write(zone, setOf(zone.apex, 'www', 'TXT', [...values, '"ours"']))).status).toBe('applied');
    expect((await stage.write(zone, setOf(zone.apex, 'www', 'TXT', values))).status).toBe('applied');
    expect(heldAt(held, 'www.example.com', 'TXT')?.values).toEqual(values);
  });
});

describe('reading', () => {
  it('asks for few names one by one and for many with whole pages', async () => {
    const { stage } = await open();
    const adapter = stage.open();

    await adapter.getRecordSets(zone, [www, zone.apex], signal);
    const few = world.fake.calls.length;
    await adapter.getRecordSets(zone, Array.from({ length: 50 }, (_, at) => ownerName(`n${at}.example.com.`)), signal);

    expect([few, world.fake.calls.length - few]).toEqual([2, 1]);
  });

  it('reads and writes names with `\\052` and `\\100`', async () => {
    const { stage, held } = await open({}, [{ name: '*.example.com', type: 'TXT', values: ['"old"'] }, { name: 'info@.example.com', type: 'TXT', values: ['"old"'] }]);
    const adapter = stage.open();
    const names = ['*.example.com.', 'info@.example.com.'].map(ownerName);
    const reading = await adapter.getRecordSets(zone, names, signal);

    const outcomes = await adapter.applyChanges(zone, names.map((name) => changeTo(reading, withValue(find(reading.recordSets, name, 'TXT')!, '"new"'))), reading, signal);

    expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'applied']);
    expect(held.get('\\052.example.com. TXT ')?.values).toEqual(['"old"', '"new"']);
    expect(held.get('info\\100.example.com. TXT ')?.values).toEqual(['"old"', '"new"']);
  });
});

describe('writing', () => {
  const wanted: RecordSet = setOf(zone.apex, 'www', 'A', ['192.0.2.50'], 60);

  it.each([[0, [2_000], null], [1, [2_000, 4_000], null], [9, [2_000, 4_000], 'accepted, and not yet on all name servers']] as const)('looks for INSYNC a few times and no longer (%i times PENDING)', async (pendingLooks, pauses, detail) => {
    const paused: number[] = [];
    const { stage } = await open({ pendingLooks });
    const adapter = stage.open({ ports: (ports) => ({ ...ports, pause: (ms) => Promise.resolve(void paused.push(ms)) }) });
    const reading = await adapter.getRecordSets(zone, 'all', signal);

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, wanted)], reading, signal);

    expect(outcome).toMatchObject({ status: 'applied', detail });
    expect(paused).toEqual(pauses);
  });

  it('keeps the TTL limits of Route 53, 0 included', async () => {
    const { stage, held } = await open();
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);

    await adapter.applyChanges(zone, [changeTo(reading, { ...wanted, ttlSeconds: 0 }), changeTo(reading, setOf(zone.apex, 'long', 'A', ['192.0.2.1'], 3_000_000_000))], reading, signal);

    expect([heldAt(held, 'www.example.com', 'A')?.ttl, heldAt(held, 'long.example.com', 'A')?.ttl]).toEqual([0, 2_147_483_647]);
  });

  it('never overwrites: a batch in the old error shape is zone_changed as well', async () => {
    const { stage, held } = await open({ oldErrors: true });
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    world.fake.zones.get('Z123ABC')!.put({ name: 'www.example.com.', type: 'A', ttl: 60, values: ['198.51.100.1'] });

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, wanted)], reading, signal);

    expect(outcome).toMatchObject({ status: 'refused', code: 'zone_changed' });
    expect(heldAt(held, 'www.example.com', 'A')?.values).toEqual(['198.51.100.1']);
  });

  it('answers zone_full and leaves nothing half-written', async () => {
    const { stage, held } = await open({}, Array.from({ length: 9_997 }, (_, at) => ({ name: `n${at}.example.com`, values: ['192.0.2.1'] })));
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www, ownerName('second.example.com.')], signal);

    await expect(adapter.applyChanges(zone, [changeTo(reading, wanted), changeTo(reading, setOf(zone.apex, 'second', 'A', ['192.0.2.2']))], reading, signal)).rejects.toMatchObject({ code: 'zone_full' });
    expect(held.size).toBe(9_999);
  });

  it('sends sets too large for one batch in several', async () => {
    const { stage, held } = await open();
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    const large = Array.from({ length: 30 }, (_, at) => setOf(zone.apex, `large-${at}`, 'TXT', Array.from({ length: 40 }, (__, value) => `"${value} ${'x'.repeat(50)}"`)));

    const outcomes = await adapter.applyChanges(zone, large.map((set) => changeTo(reading, set)), reading, signal);

    expect(outcomes.every(({ status }) => status === 'applied')).toBe(true);
    expect(held.size).toBe(32);
  });
});

describe('trouble', () => {
  const faultOf = (kind: 'lost' | 'cut' | 'html' | Route53FaultKind): FakeFault => (kind === 'lost' || kind === 'cut' || kind === 'html' ? kind : route53Fault(kind));
  const change = setOf(zone.apex, 'www', 'A', ['192.0.2.50']);

  it('signs once more for their clock when ours is wrong', async () => {
    const { stage } = await open({ now: () => new Date(Date.now() + 3_600_000) });

    expect(await stage.open().findZone({ hostname: www, apex: zone.apex, zone: 'Z123ABC' }, signal)).toEqual(zone);
  });

  it('signs for the region of the partition, not for the one in the credential', async () => {
    const { stage } = await open();

    expect(await stage.open({ token: `${goodToken}:eu-central-1` }).findZone({ hostname: www, apex: zone.apex, zone: 'Z123ABC' }, signal)).toEqual(zone);
  });

  it.each([['throttled', 'rate_limited'], ['prior_request', 'rate_limited'], ['status_503', 'provider_unavailable']] as const)('a write that meets %s is tried later and has not happened', async (kind, code) => {
    const { stage, held } = await open();
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    world.fake.fail({ fault: route53Fault(kind), only: ({ method }) => method === 'POST' });

    await expect(adapter.applyChanges(zone, [changeTo(reading, change)], reading, signal)).rejects.toMatchObject({ code });
    expect(heldAt(held, 'www.example.com', 'A')).toBeUndefined();
  });

  it.each([['lost', true], ['cut', true], ['status_500', false], ['status_502', false], ['html', false]] as const)('a write that meets %s is unknown', async (kind, happened) => {
    const { stage, held } = await open();
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    world.fake.fail({ fault: faultOf(kind), only: ({ method }) => method === 'POST' });

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, change)], reading, signal);

    expect(outcome).toMatchObject({ status: 'unknown', code: 'outcome_unknown' });
    expect(heldAt(held, 'www.example.com', 'A') !== undefined).toBe(happened);
  });

  it.each([['cut', 'provider_protocol'], ['html', 'provider_protocol'], ['throttled', 'rate_limited'], ['status_429', 'rate_limited'], ['lost', 'provider_unavailable']] as const)('a page that meets %s is never taken for the zone', async (kind, code) => {
    const { stage } = await open({}, Array.from({ length: 400 }, (_, at) => ({ name: `n${at}.example.com`, values: ['192.0.2.1'] })));
    world.fake.fail({ fault: faultOf(kind) });

    await expect(stage.open().getRecordSets(zone, 'all', signal)).rejects.toMatchObject({ code });
  });

  it('the answer of GetChange does not undo a write that was accepted', async () => {
    const { stage } = await open();
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    world.fake.fail({ fault: route53Fault('status_500'), only: ({ method }) => method === 'GET', times: 5 });

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, change)], reading, signal);

    expect(outcome).toMatchObject({ status: 'applied', detail: expect.stringContaining('not known') });
  });
});
