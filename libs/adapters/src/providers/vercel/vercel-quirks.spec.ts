import { afterEach, describe, expect, it } from '@jest/globals';
import { ownerName, type RecordSet } from '@connect/domain';
import { Stage, changeTo, deletion, failing, find, formRefusal, recording, setOf, withValue, type Sent } from '../../conformance/index.js';
import { vercelCredential } from './credential.js';
import { goodToken, oneTeam, otherTeam, vercelWorld, type VercelWorld } from './vercel-world.fake.js';
import type { FakeDomain } from './vercel.fake.js';
import type { FakeRecord } from './vercel-records.fake.js';

/** What is odd about Vercel, each as a case. */
const signal = new AbortController().signal;
const apex = ownerName('example.com.');
const www = ownerName('www.example.com.');
const zone = { id: 'team_one/example.com', apex };
const search = { hostname: www, apex, zone: null };
const narrow = { value: `vcp_${'narrow0123'.repeat(3)}`, opens: { team: oneTeam } };

let world: VercelWorld | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

async function open(records: Partial<FakeRecord>[] = [], options: Parameters<typeof vercelWorld>[0] = {}): Promise<{ stage: Stage; domain: FakeDomain; fake: VercelWorld['fake'] }> {
  world = await vercelWorld({ zones: [{ name: 'example.com', teamId: oneTeam, records }], ...options });
  return { stage: new Stage(world), domain: world.fake.domains[0]!, fake: world.fake };
}

const own = ({ records }: FakeDomain): FakeRecord[] => records.filter(({ creator }) => creator !== 'system');

describe('the team of a domain', () => {
  it('is found, is part of the zone’s id, and goes with every call', async () => {
    const { stage, fake } = await open();

    expect(await stage.open().findZone(search, signal)).toEqual(zone);
    const before = fake.requests.length;
    await stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.1']));

    expect(fake.requests.slice(before).map(({ query }) => query.get('teamId'))).toEqual([oneTeam, oneTeam]);
  });

  it('is not asked for where the domain belongs to the personal account', async () => {
    const { stage, fake } = await open([], { zones: [{ name: 'example.com' }] });

    expect(await stage.open().findZone({ ...search, hostname: apex }, signal)).toEqual({ id: 'example.com', apex });
    expect(fake.requests).toHaveLength(1);
  });

  it('is told by the domain itself where calls without a team run in a default one', async () => {
    const { stage } = await open([], { defaultTeam: oneTeam });

    expect(await stage.open().findZone(search, signal)).toEqual(zone);
  });

  it('where it is verified comes before one where it is not', async () => {
    const { stage } = await open([], { zones: [{ name: 'example.com', teamId: otherTeam, verified: false }, { name: 'example.com', teamId: oneTeam }] });

    expect(await stage.open().findZone(search, signal)).toEqual(zone);
  });

  it('may be named by the caller, and is checked', async () => {
    const { stage } = await open();

    expect(await stage.open().findZone({ ...search, zone: 'team_one/example.com' }, signal)).toEqual(zone);
    expect(await stage.open().findZone({ ...search, zone: 'example.com' }, signal)).toEqual(zone);
    expect((await failing(stage.open().findZone({ ...search, zone: `${otherTeam}/example.com` }, signal))).code).toBe('zone_not_found');
    expect((await failing(stage.open().findZone({ ...search, zone: 'example.net' }, signal))).code).toBe('zone_not_found');
  });

  it('the longest domain wins, whatever its team', async () => {
    const { stage } = await open([], { zones: [{ name: 'example.com' }, { name: 'shop.example.com', teamId: oneTeam }] });

    expect(await stage.open().findZone({ ...search, hostname: ownerName('www.shop.example.com.') }, signal)).toEqual({ id: 'team_one/shop.example.com', apex: 'shop.example.com.' });
  });
});

describe('records of the system', () => {
  it('are not read, not changed, and in nobody’s way', async () => {
    const { stage, domain } = await open();
    const system = structuredClone(domain.records);

    const reading = await stage.open().getRecordSets(zone, 'all', signal);
    const outcome = await stage.write(zone, setOf(apex, '', 'A', ['192.0.2.1']));

    expect(reading.recordSets).toEqual([]);
    expect(outcome?.status).toBe('applied');
    expect(domain.records.filter(({ creator }) => creator === 'system')).toEqual(system);
  });
});

describe('budgets', () => {
  it('an update costs no create: the value of a record changes, and id and comment stay', async () => {
    const { stage, domain, fake } = await open([{ name: 'www', type: 'MX', value: 'old.example.net.', mxPriority: 10, comment: 'theirs' }], { rate: { createsAnHour: 0 } });
    const id = own(domain)[0]!.id;

    expect((await stage.write(zone, setOf(apex, 'www', 'MX', ['20 new.example.net.'], 60))).status).toBe('applied');
    expect(own(domain)).toEqual([expect.objectContaining({ id, name: 'www', value: 'new.example.net.', mxPriority: 20, comment: 'theirs' })]);
    expect(fake.requests.at(-1)).toMatchObject({ method: 'PATCH', path: `/v1/domains/records/${id}`, body: '{"mxPriority":20,"value":"new.example.net.","ttl":60}' });
  });

  it('the hundred creates of an hour used up are a rate limit with the time to wait', async () => {
    const { stage } = await open([], { rate: { createsAnHour: 1 } });
    await stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.1']));

    const error: unknown = await stage.write(zone, setOf(apex, 'new', 'A', ['192.0.2.1'])).catch((each: unknown) => each);

    expect(error).toMatchObject({ code: 'rate_limited' });
    expect((error as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(3_000_000);
  });

  it('are declared, so that workers share them', async () => {
    const { stage } = await open();
    expect(stage.descriptor.limits).toContainEqual({ scope: 'account', calls: 'write', amount: 100, windowSeconds: 3_600 });
  });

  it('50 values are written, and 51 are refused before anything is sent', async () => {
    const { stage, domain } = await open();
    const values = (count: number): string[] => Array.from({ length: count }, (_, at) => `"value ${at}"`);

    expect((await stage.write(zone, setOf(apex, 'www', 'TXT', values(50)))).status).toBe('applied');
    expect(await stage.write(zone, setOf(apex, 'www', 'TXT', values(51)))).toMatchObject({ status: 'refused', code: 'unsupported' });
    expect(own(domain)).toHaveLength(50);
  });
});

describe('what it was seen to refuse is refused before', () => {
  const refused: [string, RecordSet][] = [
    ['null MX', setOf(apex, 'www', 'MX', ['0 .'])], ['an empty TXT', setOf(apex, 'www', 'TXT', ['""'])], ['CAA that names nobody', setOf(apex, 'www', 'CAA', ['0 issue ";"'])], ['CAA with parameters', setOf(apex, 'www', 'CAA', ['0 issue "ca.example.net; account=1"'])],
    ['a CNAME at the apex', setOf(apex, '', 'CNAME', ['target.example.net.'])], ['ech that is no list', setOf(apex, 'www', 'HTTPS', ['1 . ech="AAAAAAAA"'])], ['SVCB', setOf(apex, 'www', 'SVCB', ['1 .'])],
  ];

  it.each(refused)('%s', async (_, set) => {
    const { stage } = await open();
    const sent: Sent[] = [];
    const adapter = stage.open({ ports: recording(sent) });
    const reading = await adapter.getRecordSets(zone, 'all', signal);

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, set)], reading, signal);

    expect(outcome).toMatchObject({ status: 'refused', code: 'unsupported' });
    expect(sent.some(({ write: isWrite }) => isWrite)).toBe(false);
  });

  it('and what its server refuses all the same is refused', async () => {
    const { stage, domain, fake } = await open();
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    fake.addRecord(domain, { name: 'www', type: 'TXT', value: 'theirs' });

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'CNAME', ['target.example.net.']))], reading, signal);

    expect(outcome).toMatchObject({ status: 'refused', code: 'record_conflict' });
  });
});

describe('records', () => {
  it('that are gone are zone_changed for an update and done for a delete', async () => {
    const { stage, domain } = await open([{ name: 'www', value: '192.0.2.1' }]);
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);
    domain.records = [];

    const [updated] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.9'], 60))], reading, signal);
    const [deleted] = await adapter.applyChanges(zone, [deletion(reading, www, 'A')], reading, signal);

    expect([updated?.code, deleted?.status]).toEqual(['zone_changed', 'applied']);
  });

  it.each(['kept', 'refused'] as const)('are not made twice, whether copies are %s', async (copies) => {
    const { stage, domain } = await open([], { copies });
    await stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.1']));
    await stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.1']));

    expect(own(domain)).toHaveLength(1);
  });

  it('whose create was not answered are looked for: unknown, and there', async () => {
    const { stage, domain, fake } = await open();
    fake.fail({ fault: 'lost', only: ({ method }) => method === 'POST' });

    expect((await stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.1']))).status).toBe('unknown');
    expect(own(domain)).toHaveLength(1);
  });

  it('of others made in the pause of a racy server survive', async () => {
    const { stage, domain } = await open([], { betweenCheckAndWrite: () => Promise.resolve(void world!.fake.addRecord(domain, { name: 'www', type: 'TXT', value: 'theirs' })) });
    await stage.write(zone, setOf(apex, 'www', 'TXT', ['"ours"']));

    expect(own(domain).map(({ value }) => value)).toEqual(['theirs', 'ours']);
  });

  it('of SRV and HTTPS are written and changed without `value`', async () => {
    const { stage, domain } = await open();
    for (const value of ['1 . alpn=h2', '1 . alpn=h3']) expect((await stage.write(zone, setOf(apex, 'www', 'HTTPS', [value], 60))).status).toBe('applied');
    for (const value of ['10 20 5060 a.example.net.', '10 20 5061 a.example.net.']) expect((await stage.write(zone, setOf(apex, '_sip._tcp', 'SRV', [value], 60))).status).toBe('applied');

    expect(own(domain).map(({ priority, value }) => [priority, value])).toEqual([[1, '. alpn="h3"'], [10, '20 5061 a.example.net.']]);
  });

  it.each([false, true])('are read whole where several have the millisecond of a page’s edge (next always set: %s)', async (nextAlways) => {
    const { stage } = await open(Array.from({ length: 250 }, (_, at) => ({ name: `n${at}`, value: '192.0.2.1', createdAt: 1_800_000_000_000 + Math.floor(at / 40) })), { nextAlways });

    const reading = await stage.open().getRecordSets(zone, 'all', signal);

    expect(reading.recordSets).toHaveLength(250);
  });

  it('of one millisecond that fill more than a page are not taken for the zone', async () => {
    const { stage } = await open(Array.from({ length: 150 }, (_, at) => ({ name: `n${at}`, value: '192.0.2.1', createdAt: 1_800_000_000_000 })));

    expect((await failing(stage.open().getRecordSets(zone, 'all', signal))).code).toBe('provider_protocol');
  });

  it('keep the values of others when one is added', async () => {
    const { stage, domain } = await open([{ name: 'www', type: 'TXT', value: 'theirs' }]);
    const reading = await stage.open().getRecordSets(zone, 'all', signal);
    await stage.write(zone, withValue(find(reading.recordSets, www, 'TXT')!, '"ours"'));

    expect(own(domain).map(({ value }) => value)).toEqual(['theirs', 'ours']);
  });
});

describe('tokens', () => {
  it.each([goodToken, 'abcdefghijklmnopqrstuvwx', 'vca_0123456789abcdefgh'])('has one of the forms', (token) => {
    expect(vercelCredential.parse(token)).toBe(token);
  });

  it.each(['abcdefghijklmnopqrstuvw', `Bearer ${goodToken}`, `${goodToken}\n`, 'vcp_short'])('refuses another form without repeating it (%#)', async (token) => {
    const { stage } = await open();
    expect(formRefusal(stage.world.provider, token)).toMatch(/^credential_format: /);
  });

  it.each([false, true])('for the one team get everything done (may not list teams: %s)', async (teamsRefused) => {
    const { stage, domain, fake } = await open([], { teamsRefused });
    fake.addToken(narrow);
    const adapter = stage.open({ token: narrow.value });

    const found = await adapter.findZone(search, signal);
    const reading = await adapter.getRecordSets(found, [www], signal);
    const [made] = await adapter.applyChanges(found, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))], reading, signal);
    const again = await adapter.getRecordSets(found, [www], signal);
    const [removed] = await adapter.applyChanges(found, [deletion(again, www, 'A')], again, signal);

    expect([found, made?.status, removed?.status]).toEqual([zone, 'applied', 'applied']);
    expect(own(domain)).toEqual([]);
    expect(await adapter.checkCredential(null, signal)).toMatchObject({ valid: true, code: null, zones: [zone], zonesComplete: true, widerThanNeeded: expect.not.stringContaining('full account') });
  });

  it('for the full account are wider than needed, and say when they end', async () => {
    const { stage, fake } = await open();
    fake.addToken({ value: narrow.value, expiresAt: Date.UTC(2027, 0, 1) });

    expect(await stage.open({ token: narrow.value }).checkCredential('example.com', signal)).toMatchObject({ valid: true, zones: [zone], widerThanNeeded: expect.stringContaining('full account'), expiresAt: '2027-01-01T00:00:00.000Z' });
  });

  it('for a project open no domains: missing_permission, not "no such domain"', async () => {
    const { stage, fake } = await open();
    fake.addToken({ value: narrow.value, opens: 'project' });

    expect((await failing(stage.open({ token: narrow.value }).findZone(search, signal))).code).toBe('missing_permission');
    expect(await stage.open({ token: narrow.value }).checkCredential('example.com', signal)).toMatchObject({ valid: true, code: 'missing_permission' });
  });

  it('of a member who may only read are refused at the first write', async () => {
    const { stage, fake, domain } = await open();
    fake.addToken({ ...narrow, mayWrite: false });

    expect((await failing(stage.write(zone, setOf(apex, 'www', 'A', ['192.0.2.1']), { token: narrow.value }))).code).toBe('missing_permission');
    expect(own(domain)).toEqual([]);
  });

  it('that are over are told apart from those without permission, though both are 403', async () => {
    const { stage } = await open();

    expect(await stage.open({ token: world!.wrongToken }).checkCredential('example.com', signal)).toMatchObject({ valid: false, code: 'rejected_credential' });
  });

  it('are checked against a domain whose name servers are elsewhere, and the finding says so', async () => {
    const { stage } = await open([], { zones: [{ name: 'example.com', serviceType: 'external' }] });

    expect(await stage.open().checkCredential('example.com', signal)).toMatchObject({ valid: true, detail: expect.stringContaining('name servers') });
  });
});
