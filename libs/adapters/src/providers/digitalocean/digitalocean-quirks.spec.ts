import { afterEach, describe, expect, it } from '@jest/globals';
import { isConnectError, ownerName, txtValue, type RecordSet } from '@connect/domain';
import { Stage, changeTo, find, formRefusal, recording, setOf, withValue, type Sent } from '../../conformance/index.js';
import { digitaloceanCredential } from './credential.js';
import { digitaloceanWorld, goodToken, type DigitaloceanWorld } from './digitalocean-world.fake.js';
import type { FakeDomain, FakeRecord } from './digitalocean.fake.js';

/** What is odd about DigitalOcean, each as a case. */
const scopedToken = `dop_v1_${'00112233445566778899aabbccddeeff'.repeat(2)}`;
const signal = new AbortController().signal;
const apex = ownerName('example.com.');
const zone = { id: 'example.com', apex };
const www = ownerName('www.example.com.');

let world: DigitaloceanWorld;
afterEach(() => world.stop());

async function open(records: Partial<FakeRecord>[] = [], options: Parameters<typeof digitaloceanWorld>[0] = {}): Promise<{ stage: Stage; domain: FakeDomain }> {
  world = await digitaloceanWorld({ zones: [{ name: 'example.com', records }], ...options });
  return { stage: new Stage(world), domain: world.fake.domains.get('example.com')! };
}

describe('copies', () => {
  const twice: Partial<FakeRecord>[] = [{ type: 'TXT', name: 'www', data: 'ours' }, { type: 'TXT', name: 'www', data: 'ours' }, { type: 'TXT', name: 'www', data: 'foreign' }];

  it('are never created, also when the write is repeated with an old reading', async () => {
    const { stage, domain } = await open();
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);
    const changes = [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))];

    await adapter.applyChanges(zone, changes, reading, signal);
    const again = await adapter.getRecordSets(zone, [www], signal);
    await adapter.applyChanges(zone, [changeTo(again, setOf(apex, 'www', 'A', ['192.0.2.1']))], again, signal);

    expect(domain.records.filter(({ type }) => type === 'A')).toHaveLength(1);
  });

  it('go all when their value is removed, and foreign values stay', async () => {
    const { stage, domain } = await open(twice);
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);

    await adapter.applyChanges(zone, [changeTo(reading, { ...find(reading.recordSets, www, 'TXT')!, values: ['"foreign"'] })], reading, signal);

    expect(domain.records.filter(({ type }) => type === 'TXT').map(({ data }) => data)).toEqual(['foreign']);
  });

  it('of others are left alone', async () => {
    const { stage, domain } = await open(twice);
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);

    await adapter.applyChanges(zone, [changeTo(reading, withValue(find(reading.recordSets, www, 'TXT')!, '"new"'))], reading, signal);

    expect(domain.records.filter(({ type }) => type === 'TXT').map(({ data }) => data)).toEqual(['ours', 'ours', 'foreign', 'new']);
  });

  it('are not made after a create answered with 503: it is unknown, so somebody looks first', async () => {
    const { stage, domain } = await open();
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);
    world.fake.fail({ fault: { status: 503, text: '{"id":"service_unavailable","message":"Server Error"}' }, only: ({ method }) => method === 'POST' });

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))], reading, signal);

    expect(outcome?.status).toBe('unknown');
    expect(domain.records.some(({ type }) => type === 'A')).toBe(false);
  });
});

describe('final dots', () => {
  it('are sent with every host name, and everything is sent again in an update', async () => {
    const { stage, domain } = await open([{ type: 'CNAME', name: 'www', data: 'old.example.net', ttl: 300 }]);
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'CNAME', ['new.example.net.'], 60))], reading, signal);

    expect(outcome?.status).toBe('applied');
    expect(domain.records.find(({ type }) => type === 'CNAME')).toMatchObject({ name: 'www', data: 'new.example.net', ttl: 60 });
    expect(JSON.parse(world.fake.requests.at(-1)!.body)).toEqual({ type: 'CNAME', name: 'www', data: 'new.example.net.', ttl: 60 });
  });

  it('a target that is the apex comes back as `@` and stays what it is', async () => {
    const { stage } = await open([{ type: 'CNAME', name: 'www', data: '@' }]);
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);
    const sent: Sent[] = [];

    await stage.open({ ports: recording(sent) }).applyChanges(zone, [changeTo(reading, { ...find(reading.recordSets, www, 'CNAME')!, values: [apex] })], reading, signal);

    expect(sent.some(({ write }) => write)).toBe(false);
  });
});

describe('what it was seen to refuse is refused before', () => {
  const refused: [string, RecordSet][] = [
    ['TXT with a backslash', setOf(apex, 'www', 'TXT', [txtValue('a\\b')])], ['an empty TXT', setOf(apex, 'www', 'TXT', ['""'])],
    ['TXT over 509 octets', setOf(apex, 'www', 'TXT', [txtValue('x'.repeat(505))])], ['TXT over 509 octets with its escapes', setOf(apex, 'www', 'TXT', [txtValue(`${'x'.repeat(400)}${'"'.repeat(80)}`)])],
    ['null MX', setOf(apex, 'www', 'MX', ['0 .'])], ['CAA with a space', setOf(apex, 'www', 'CAA', ['0 issue "ca.example.net; account=1"'])], ['HTTPS', setOf(apex, 'www', 'HTTPS', ['1 .'])],
  ];

  it.each(refused)('%s', async (_, set) => {
    const { stage } = await open();
    await stage.refusesUnsent(zone, set);
  });

  it('a DKIM key of 2,048 bits fits', async () => {
    const { stage } = await open();
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, [www], signal);

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'TXT', [txtValue(`v=DKIM1; k=rsa; p=${'A'.repeat(392)}`)]))], reading, signal);

    expect(outcome?.status).toBe('applied');
  });
});

describe('tokens', () => {
  it.each([goodToken, goodToken.replace('dop', 'doo'), goodToken.slice(7)])('has one of the three forms', async (token) => {
    await open();
    expect(digitaloceanCredential.parse(token)).toBe(token);
  });

  it.each([goodToken.replace('dop', 'dor'), goodToken.slice(0, -1), `Bearer ${goodToken}`, `${goodToken}\n`])('refuses another form without repeating it', async (token) => {
    await open();
    expect(formRefusal(world.provider, token)).toMatch(/^credential_format: /);
  });

  it('with exactly the four scopes gets everything done', async () => {
    const { stage, domain } = await open();
    world.fake.addToken({ value: scopedToken, scopes: ['domain:read', 'domain:create', 'domain:update', 'domain:delete'] });
    await stage.connectsAndRemoves(scopedToken, apex, setOf(apex, 'www', 'A', ['192.0.2.1']));

    expect(domain.records.some(({ type }) => type === 'A')).toBe(false);
  });

  it('with full access are wider than needed, and a check changes nothing', async () => {
    const { stage, domain } = await open();
    world.fake.addToken({ value: scopedToken, scopes: ['domain:read', 'domain:create', 'domain:update', 'domain:delete'] });
    const before = structuredClone(domain);

    const [full, scoped] = [await stage.open().checkCredential('example.com', signal), await stage.open({ token: scopedToken }).checkCredential('example.com', signal)];

    expect(full).toMatchObject({ valid: true, code: null, may: ['list_zones', 'read_records', 'write_records'], widerThanNeeded: expect.stringContaining('Custom Scopes') });
    expect(scoped).toMatchObject({ valid: true, code: null, widerThanNeeded: expect.not.stringContaining('Custom Scopes') });
    expect(domain).toEqual(before);
  });

  it('that may only read are found out', async () => {
    const { stage } = await open();
    world.fake.addToken({ value: scopedToken, scopes: ['domain:read'] });

    expect(await stage.open({ token: scopedToken }).checkCredential('example.com', signal)).toMatchObject({ valid: true, code: 'missing_permission', may: ['list_zones', 'read_records'] });
  });
});

describe('zones and pages', () => {
  it('the longest domain wins', async () => {
    const { stage } = await open([], { zones: [{ name: 'example.com' }, { name: 'shop.example.com' }] });

    expect(await stage.open().findZone({ hostname: ownerName('www.shop.example.com.'), apex, zone: null }, signal)).toEqual({ id: 'shop.example.com', apex: 'shop.example.com.' });
  });

  it('a list that changes between two pages is not taken for the zone', async () => {
    const { stage, domain } = await open(Array.from({ length: 300 }, (_, at) => ({ name: `n${at}`, data: '192.0.2.1' })));
    const adapter = stage.open({ ports: (ports) => ({ ...ports, http: { request: async (request, ofCall) => {
      const answer = await ports.http.request(request, ofCall);
      domain.records.splice(10, 1);
      return answer;
    } } }) });

    const failed = await adapter.getRecordSets(zone, 'all', signal).catch((error: unknown) => error);

    expect(isConnectError(failed) ? failed.code : failed).toBe('provider_unavailable');
  });
});
