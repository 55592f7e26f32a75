import { afterEach, describe, expect, it } from '@jest/globals';
import { ownerName, type RecordSet } from '@connect/domain';
import { Stage, changeTo, failing, find, formRefusal, recording, setOf, withValue, type Sent } from '../../conformance/index.js';
import { linodeCredential } from './credential.js';
import { goodToken, linodeWorld, type LinodeWorld } from './linode-world.fake.js';
import type { FakeDomain, FakeRecord } from './linode-records.fake.js';

/** What is odd about Linode, each as a case. */
const scopedToken = '00112233445566778899aabbccddeeff'.repeat(2);
const signal = new AbortController().signal;
const apex = ownerName('example.com.');
const www = ownerName('www.example.com.');
const zone = { id: '1', apex };

let world: LinodeWorld;
afterEach(() => world.stop());

async function open(records: Partial<FakeRecord>[] = [], options: Parameters<typeof linodeWorld>[0] = {}): Promise<{ stage: Stage; domain: FakeDomain }> {
  world = await linodeWorld({ zones: [{ id: 1, domain: 'example.com', records }], ...options });
  return { stage: new Stage(world), domain: world.fake.domains.get('example.com')! };
}

describe('copies', () => {
  const twice: Partial<FakeRecord>[] = [{ type: 'TXT', name: 'www', target: 'ours' }, { type: 'TXT', name: 'www', target: 'ours' }, { type: 'TXT', name: 'www', target: 'foreign' }];

  it('are never created, also when the write is repeated', async () => {
    const { stage, domain } = await open();
    const adapter = stage.open();
    for (let i = 0; i < 2; i++) {
      const reading = await adapter.getRecordSets(zone, [www], signal);
      await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))], reading, signal);
    }

    expect(domain.records).toHaveLength(1);
  });

  it('go all when their value is removed, and foreign values stay', async () => {
    const { stage, domain } = await open(twice);
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);

    await adapter.applyChanges(zone, [changeTo(reading, { ...find(reading.recordSets, www, 'TXT')!, values: ['"foreign"'] })], reading, signal);

    expect(domain.records.map(({ target }) => target)).toEqual(['foreign']);
  });

  it('of others are left alone', async () => {
    const { stage, domain } = await open(twice);
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);

    await adapter.applyChanges(zone, [changeTo(reading, withValue(find(reading.recordSets, www, 'TXT')!, '"new"'))], reading, signal);

    expect(domain.records.map(({ target }) => target)).toEqual(['ours', 'ours', 'foreign', 'new']);
  });

  it('are not made after a create whose answer was 503: it is unknown, so somebody looks first', async () => {
    const { stage } = await open();
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);
    world.fake.fail({ fault: { status: 503, text: '{"errors":[{"reason":"Service Unavailable"}]}' }, only: ({ method }) => method === 'POST' });

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))], reading, signal);

    expect(outcome?.status).toBe('unknown');
  });
});

describe('TTL', () => {
  it.each([[0, 30], [60, 120], [300, 300], [900, 3_600], [86_401, 172_800], [3_000_000, 2_419_200]])('%i s becomes %i s, and a second plan has nothing to do', async (ttlSeconds, kept) => {
    const { stage, domain } = await open();
    const adapter = stage.open();
    const wanted = setOf(apex, 'www', 'A', ['192.0.2.1'], ttlSeconds);
    const reading = await adapter.getRecordSets(zone, [www], signal);
    await adapter.applyChanges(zone, [changeTo(reading, wanted)], reading, signal);
    const sent: Sent[] = [];

    const again = await adapter.getRecordSets(zone, [www], signal);
    await stage.open({ ports: recording(sent) }).applyChanges(zone, [changeTo(again, wanted)], again, signal);

    expect(domain.records.map((record) => record.ttl_sec)).toEqual([kept]);
    expect(sent.some(({ write }) => write)).toBe(false);
  });

  it('0 is that of the zone, and nobody asks for the zone unless a record has it', async () => {
    const { stage, domain } = await open([{ type: 'A', name: 'www', target: '192.0.2.1', ttl_sec: 0 }]);
    domain.ttl_sec = 7_200;

    const inherited = await stage.open().getRecordSets(zone, [www], signal);
    domain.records[0]!.ttl_sec = 300;
    const calls = world.fake.requests.length;
    const own = await stage.open().getRecordSets(zone, [www], signal);

    expect([inherited, own].map(({ recordSets }) => recordSets[0]?.ttlSeconds)).toEqual([7_200, 300]);
    expect(world.fake.requests).toHaveLength(calls + 1);
  });

  it('that a create did not keep is set by an update', async () => {
    const { stage, domain } = await open([], { ignoresTtlOfCreates: true });
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1'], 300))], reading, signal);

    expect([outcome?.status, domain.records[0]?.ttl_sec]).toEqual(['applied', 300]);
  });

  it('that could not be set after the create leaves the outcome unknown', async () => {
    const { stage } = await open([], { ignoresTtlOfCreates: true });
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);
    world.fake.fail({ fault: { status: 403, text: '{"errors":[{"reason":"Unauthorized"}]}' }, only: ({ method }) => method === 'PUT' });

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1'], 300))], reading, signal);

    expect(outcome).toMatchObject({ status: 'unknown', code: 'outcome_unknown' });
  });
});

describe('records', () => {
  it('SRV goes as service and protocol without underscores and without a name', async () => {
    const { stage, domain } = await open();
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);

    await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, '_sip._tcp', 'SRV', ['10 20 5060 sip.example.net.']))], reading, signal);

    expect(JSON.parse(world.fake.requests.at(-1)!.body)).toEqual({ type: 'SRV', service: 'sip', protocol: 'tcp', priority: 10, weight: 20, port: 5060, target: 'sip.example.net.', ttl_sec: 300 });
    expect(domain.records[0]).toMatchObject({ name: '_sip._tcp', service: '_sip', target: 'sip.example.net' });
  });

  it('are changed in place, and a final dot makes no second plan', async () => {
    const { stage, domain } = await open([{ type: 'CNAME', name: 'www', target: 'old.example.net', ttl_sec: 300 }]);
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);
    const { id } = domain.records[0]!;

    await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'CNAME', ['new.example.net.']))], reading, signal);

    expect(domain.records).toEqual([expect.objectContaining({ id, name: 'www', target: 'new.example.net' })]);
    expect((await adapter.getRecordSets(zone, [www], signal)).recordSets[0]?.values).toEqual(['new.example.net.']);
  });

  it('a CNAME conflict that appears in between is named as such and spoils nothing beside it', async () => {
    const { stage, domain } = await open();
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    world.fake.addRecord(domain, { type: 'CNAME', name: 'www', target: 'foreign.example.net' });

    const outcomes = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1'])), changeTo(reading, setOf(apex, 'shop', 'A', ['192.0.2.1']))], reading, signal);

    expect(outcomes.map(({ status, code }) => [status, code]).sort()).toEqual([['applied', null], ['refused', 'record_conflict']]);
  });

  const refused: [string, RecordSet][] = [
    ['null MX', setOf(apex, 'www', 'MX', ['0 .'])], ['MX with a preference over 255', setOf(apex, 'www', 'MX', ['256 mail.example.net.'])], ['CAA with flags', setOf(apex, 'www', 'CAA', ['1 issue "ca.example.net"'])],
    ['CAA with a space', setOf(apex, 'www', 'CAA', ['0 issue "ca.example.net; account=1"'])], ['CAA with another tag', setOf(apex, 'www', 'CAA', ['0 issuemail "ca.example.net"'])],
    ['SRV with priority 0', setOf(apex, '_sip._tcp', 'SRV', ['0 20 5060 sip.example.net.'])], ['SRV to a single label', setOf(apex, '_sip._tcp', 'SRV', ['10 20 5060 localhost.'])], ['SRV below a sub-domain', setOf(apex, '_sip._tcp.sub', 'SRV', ['10 20 5060 sip.example.net.'])],
    ['NS at a wildcard', setOf(apex, '*.child', 'NS', ['ns.example.net.'])], ['a name of more than 100 characters', setOf(apex, `${'x'.repeat(60)}.${'y'.repeat(40)}`, 'A', ['192.0.2.1'])], ['HTTPS', setOf(apex, 'www', 'HTTPS', ['1 .'])],
  ];

  it.each(refused)('%s is refused before anything is sent', async (_, set) => {
    const { stage } = await open();
    await stage.refusesUnsent(zone, set);
  });
});

describe('tokens', () => {
  it('has 64 hexadecimal digits', async () => {
    await open();
    expect(linodeCredential.parse(goodToken)).toBe(goodToken);
  });

  it.each([goodToken.slice(1), `${goodToken}0`, `Bearer ${goodToken}`, `${goodToken}\n`, goodToken.toUpperCase()])('refuses another form without repeating it', async (token) => {
    await open();
    expect(formRefusal(world.provider, token)).toMatch(/^credential_format: /);
  });

  it('with Read/Write for Domains only gets everything done', async () => {
    const { stage, domain } = await open();
    world.fake.addToken({ value: scopedToken, scopes: ['domains:read_write'] });
    const finding = await stage.connectsAndRemoves(scopedToken, apex, setOf(apex, 'www', 'A', ['192.0.2.1']));

    expect(finding).toMatchObject({ valid: true, code: null, may: ['list_zones', 'read_records', 'write_records'], widerThanNeeded: null });
    expect(domain.records).toEqual([]);
  });

  it('that may everything are wider than needed', async () => {
    const { stage } = await open();

    expect(await stage.open().checkCredential('example.com', signal)).toMatchObject({ valid: true, code: null, widerThanNeeded: expect.stringContaining('Read/Write for Domains') });
  });

  it.each([
    [['domains:read_only'], { valid: true, code: 'missing_permission', may: ['list_zones', 'read_records'] }],
    // 401 as for a token that does not exist; only the header tells.
    [['linodes:read_write'], { valid: true, code: 'missing_permission', may: [] }],
  ])('with the scopes %j lack something', async (scopes, finding) => {
    const { stage } = await open();
    world.fake.addToken({ value: scopedToken, scopes });

    expect(await stage.open({ token: scopedToken }).checkCredential('example.com', signal)).toMatchObject(finding);
  });

  it('a read-only token is not taken for a wrong one when it writes', async () => {
    const { stage } = await open();
    world.fake.addToken({ value: scopedToken, scopes: ['domains:read_only'] });
    const adapter = stage.open({ token: scopedToken });
    const reading = await adapter.getRecordSets(zone, [www], signal);

    expect((await failing(adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))], reading, signal))).code).toBe('missing_permission');
  });

  it('a restricted user needs the grant for the domain: 403 says so', async () => {
    const { stage } = await open();
    world.fake.addToken({ value: scopedToken, scopes: ['domains:read_write'], grants: { 'example.com': 'read_only' } });
    const adapter = stage.open({ token: scopedToken });
    const reading = await adapter.getRecordSets(zone, [www], signal);

    expect((await failing(adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))], reading, signal))).code).toBe('missing_permission');
  });
});

describe('zones and pages', () => {
  it('the longest domain wins, with one call', async () => {
    const { stage } = await open([], { zones: [{ id: 1, domain: 'example.com' }, { id: 2, domain: 'shop.example.com' }] });

    expect(await stage.open().findZone({ hostname: ownerName('www.shop.example.com.'), apex, zone: null }, signal)).toEqual({ id: '2', apex: 'shop.example.com.' });
    expect(world.fake.requests).toHaveLength(1);
  });

  it.each(['1', 'example.com'])('a zone named as %s is looked at', async (named) => {
    const { stage } = await open();

    expect(await stage.open().findZone({ hostname: www, apex, zone: named }, signal)).toEqual(zone);
    expect((await failing(stage.open().findZone({ hostname: ownerName('www.example.net.'), apex: ownerName('example.net.'), zone: named }, signal))).code).toBe('zone_not_found');
  });

  it.each([{ type: 'slave' }, { status: 'disabled' }, { status: 'edit_mode' }, { status: 'has_errors' }])('a domain with %j is not written: nobody would see it', async (odd) => {
    const { stage } = await open([], { zones: [{ id: 1, domain: 'example.com', ...odd }] });

    expect((await failing(stage.open().findZone({ hostname: www, apex, zone: null }, signal))).code).toBe('zone_not_writable');
    expect(await stage.open().checkCredential('example.com', signal)).toMatchObject({ valid: true, code: 'zone_not_writable' });
  });

  it.each([600, 501])('a list of %i records that shrinks between two pages is not taken for the zone', async (count) => {
    const { stage, domain } = await open(Array.from({ length: count }, (_, at) => ({ name: `n${at}`, target: '192.0.2.1', ttl_sec: 300 })));
    const adapter = stage.open({ ports: (ports) => ({ ...ports, http: { request: async (request, ofCall) => {
      const answer = await ports.http.request(request, ofCall);
      domain.records.splice(10, 1);
      return answer;
    } } }) });

    expect((await failing(adapter.getRecordSets(zone, 'all', signal))).code).toBe('provider_unavailable');
  });

  it('a page of something in front of it is no empty zone', async () => {
    const { stage } = await open();
    world.fake.fail({ fault: 'html' });

    expect((await failing(stage.open().getRecordSets(zone, 'all', signal))).code).toBe('provider_protocol');
  });
});
