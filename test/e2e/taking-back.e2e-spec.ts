import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { ConnectionState, ErrorCode } from '@connect/domain';
import { eventually } from '@connect/testing';
import type { ApiClient, ConnectionBody } from './api-client.js';
import { startWholeWorld, type WholeWorld } from './whole-world.js';

type Seed = { name: string; type: string; value: string; ttlSeconds?: number };
type Template = { type: string; name: string; value: string; ttl_seconds?: number }[];
type Plan = { id: string; status: string; plan: { id: string; hash: string; safe: boolean; changes: unknown[]; consequences: { code: string; message: string }[] } | null };
type Receipt = { id: string; kind: string; undo_until: string | null };

/** Each kind of change: what stood there, what the connection wants, and whether somebody has to approve it. */
const kinds: Record<string, { seed: Seed[]; records: Template; asks?: string; then?: Template }> = {
  'records added': { seed: [], records: [{ type: 'CNAME', name: '@', value: 'edge.saas.example' }, { type: 'TXT', name: '_verify.{{hostname}}', value: 'saas-site' }] },
  'a value added beside another one': { seed: [{ name: 'www', type: 'TXT', value: '"somebody else"', ttlSeconds: 600 }], records: [{ type: 'TXT', name: '@', value: 'saas-site', ttl_seconds: 600 }] },
  'an address replaced': { seed: [{ name: 'www', type: 'A', value: '192.0.2.99', ttlSeconds: 1_800 }], records: [{ type: 'A', name: '@', value: '198.51.100.7', ttl_seconds: 60 }], asks: 'replaces_address' },
  'addresses that became an alias': {
    seed: [{ name: 'www', type: 'A', value: '192.0.2.98', ttlSeconds: 1_800 }, { name: 'www', type: 'A', value: '192.0.2.99', ttlSeconds: 1_800 }, { name: 'www', type: 'AAAA', value: '2001:db8::99', ttlSeconds: 900 }],
    records: [{ type: 'CNAME', name: '@', value: 'edge.saas.example' }], asks: 'replaces_address',
  },
  'an SPF record merged': { seed: [{ name: 'www', type: 'TXT', value: '"v=spf1 a mx:mail.example -all"', ttlSeconds: 1_200 }], records: [{ type: 'TXT', name: '@', value: 'v=spf1 ip4:198.51.100.0/24 ~all' }], asks: 'second_spf' },
  'a record deleted': {
    seed: [{ name: 'www', type: 'MX', value: '10 mail.example.' }], records: [{ type: 'A', name: '@', value: '198.51.100.7', ttl_seconds: 120 }, { type: 'TXT', name: '_verify.{{hostname}}', value: 'saas-site', ttl_seconds: 240 }],
    then: [{ type: 'A', name: '@', value: '198.51.100.7', ttl_seconds: 120 }],
  },
};
const around: Seed[] = [{ name: '@', type: 'MX', value: '10 mail.example.' }, { name: '@', type: 'TXT', value: '"foreign value"' }, { name: '*', type: 'A', value: '192.0.2.1' }];

let world: WholeWorld;
let api: ApiClient;
let application_id: string;
let count = 0;

beforeAll(async () => {
  world = await startWholeWorld();
  api = await world.tenant('A software company that takes back');
  application_id = (await api.must<{ id: string }>('POST', '/v1/applications', { name: 'Shop', record_template: kinds['records added']!.records })).id;
}, 120_000);
afterAll(() => world?.stop());

describe('P3 each kind of change is undone, and the zone is to the letter what it was', () => {
  it.each(Object.entries(kinds))('%s', async (_kind, { seed, records, asks, then }) => {
    const { zone, connect } = await customer(seed);
    const untouched = await world.dumpOfPowerdns(zone);
    const id = await connect('www', { records });
    if (asks !== undefined) await approve(id, asks);
    await reaches(id, 'live');
    const before = then === undefined ? untouched : await world.dumpOfPowerdns(zone);
    if (then !== undefined) {
      await api.must('POST', `/v1/connections/${id}/update`, { records: then });
      await eventually(async () => (await receiptsOf(id)).length === 2 && (await api.connection(id)).state === 'live', { what: 'the update', timeoutMs: 30_000 });
    }
    expect(await world.dumpOfPowerdns(zone)).not.toBe(before);

    await undo(id);

    expect(await world.dumpOfPowerdns(zone)).toBe(before);
  }, 90_000);

  it('what somebody changed since is left alone, the rest goes back', async () => {
    const { zone, connect } = await customer([]);
    const id = await connect('www');
    await reaches(id, 'live');
    await world.editAtPowerdns(zone, `www.${zone}`, 'CNAME', ['elsewhere.example.']);

    await undo(id);

    expect(await held(zone, 'www')).toEqual(['CNAME elsewhere.example.']);
    expect(await held(zone, '_verify.www')).toEqual([]);
  }, 90_000);

  it('is offered for seven days', async () => {
    const { connect } = await customer([]);
    const id = await connect('www');
    await reaches(id, 'live');
    const [receipt] = await receiptsOf(id);
    await weeksPass(2);

    expect(await api.call('POST', `/v1/connections/${id}/receipts/${receipt!.id}/undo`)).toMatchObject({ status: 409, body: { code: 'conflict' } });
  }, 60_000);
});

it('P3 a removal two weeks later takes what is ours, and leaves the customer’s newer edits alone', async () => {
  const { zone, connect } = await customer([{ name: 'www', type: 'A', value: '192.0.2.99', ttlSeconds: 1_800 }]);
  const id = await connect('www');
  await approve(id, 'replaces_address');
  await reaches(id, 'live');
  const second = await connect('shop');
  await reaches(second, 'live');
  await weeksPass(2);
  await world.editAtPowerdns(zone, `www.${zone}`, 'CNAME', ['elsewhere.example.'], 900);
  await world.editAtPowerdns(zone, `_verify.www.${zone}`, 'TXT', ['"saas-site"', '"of the customer"'], 600);
  await world.editAtPowerdns(zone, zone, 'MX', ['5 newer-mail.example.']);
  await world.editAtPowerdns(zone, `new.${zone}`, 'A', ['192.0.2.77']);

  await api.must('DELETE', `/v1/connections/${id}`);
  const removed = await reaches(id, 'archived');

  expect(await held(zone, 'www')).toEqual(['CNAME elsewhere.example.']);
  expect(await held(zone, '_verify.www')).toEqual(['TXT "of the customer"']);
  expect([await held(zone, ''), await held(zone, 'new'), await held(zone, 'shop')]).toEqual([['MX 5 newer-mail.example.', `NS ns1.${zone}`, 'TXT "foreign value"'], ['A 192.0.2.77'], ['CNAME edge.saas.example.']]);
  // What was replaced is not put back; the answer lists it.
  expect(removed.not_restored).toEqual([expect.objectContaining({ type: 'A', values: ['192.0.2.99'] })]);
}, 90_000);

describe('plans, as the API tells them', () => {
  it('a preview says what would be written, and writes nothing', async () => {
    const { zone, connect } = await customer([]);
    const id = await connect('www');
    await reaches(id, 'live');
    await world.editAtPowerdns(zone, `www.${zone}`, 'CNAME', []);
    const before = await world.dumpOfPowerdns(zone);

    const asked = await api.must<Plan>('POST', `/v1/connections/${id}/plan`);
    const made = await eventually(async () => {
      const plan = await api.must<Plan>('GET', `/v1/connections/${id}/plan?plan_id=${asked.id}`);
      return plan.status === 'preview' ? plan : undefined;
    }, { what: 'the preview', timeoutMs: 20_000 });

    expect(asked).toMatchObject({ status: 'pending', plan: null });
    expect(made.plan).toMatchObject({ safe: true, consequences: [], changes: [expect.objectContaining({ type: 'CNAME' })] });
    expect(await world.dumpOfPowerdns(zone)).toBe(before);
  }, 60_000);

  it('an approval names the plan that was read; it holds through harmless changes, and falls when there is more to lose', async () => {
    const { zone, connect } = await customer([{ name: 'www', type: 'A', value: '192.0.2.99' }, { name: 'shop', type: 'A', value: '192.0.2.98' }]);
    const [www, shop] = [await connect('www'), await connect('shop')];
    const [first, second] = [await waitingPlan(www), await waitingPlan(shop)];
    await world.editAtPowerdns(zone, `beside.${zone}`, 'A', ['192.0.2.77']);
    await world.editAtPowerdns(zone, `shop.${zone}`, 'MX', ['10 shop-mail.example.']);

    const stale = await api.call('POST', `/v1/connections/${www}/approve`, { plan_id: first.id, hash: 'another' });
    await api.must('POST', `/v1/connections/${www}/approve`, { plan_id: first.id, hash: first.hash });
    await api.must('POST', `/v1/connections/${shop}/approve`, { plan_id: second.id, hash: second.hash });
    await reaches(www, 'live');
    const asked = await eventually(async () => {
      const plan = await waitingPlan(shop);
      return plan.id === second.id ? undefined : plan;
    }, { what: 'another question', timeoutMs: 30_000 });

    expect(stale).toMatchObject({ status: 409, body: { code: 'approval_stale' } });
    expect(await held(zone, 'www')).toEqual(['CNAME edge.saas.example.']);
    expect(asked.consequences.map(({ code }) => code)).toContain('mail_at_name');
    expect(await held(zone, 'shop')).toEqual(['A 192.0.2.98', 'MX 10 shop-mail.example.']);
  }, 90_000);

  it('a receipt shows what stood there before and after, under the same id for the same key', async () => {
    const { zone, connect } = await customer([{ name: 'www', type: 'A', value: '192.0.2.99', ttlSeconds: 1_800 }]);
    const id = await connect('www');
    await approve(id, 'replaces_address');
    await reaches(id, 'live');
    const [receipt] = await receiptsOf(id);

    const images = await api.must<{ before: unknown[]; after: unknown[] }>('GET', `/v1/connections/${id}/receipts/${receipt!.id}`);
    const key = { 'idempotency-key': `undo-${id}` };
    const [once, again] = [await api.call('POST', `/v1/connections/${id}/receipts/${receipt!.id}/undo`, undefined, key), await api.call('POST', `/v1/connections/${id}/receipts/${receipt!.id}/undo`, undefined, key)];
    await reaches(id, 'awaiting_customer');

    expect(images.before).toEqual(expect.arrayContaining([expect.objectContaining({ owner_name: `www.${zone}`, type: 'A', values: ['192.0.2.99'] })]));
    expect(images.after).toEqual(expect.arrayContaining([expect.objectContaining({ owner_name: `www.${zone}`, type: 'CNAME' })]));
    expect([once.status, again.body]).toEqual([202, once.body]);
    // What was safe of the plan was written at once, and what was approved has a receipt of its own.
    expect((await receiptsOf(id)).map(({ kind }) => kind).sort()).toEqual(['apply', 'apply', 'undo']);
  }, 60_000);
});

describe('credentials and freezes, as the API tells them', () => {
  it('the check says valid with the zones, or what is wrong with it', async () => {
    const { zone, credential } = await customer([]);
    const wrong = JSON.stringify({ ...JSON.parse(credential), api_key: 'not-the-key-of-this-server' });

    expect(await checked(credential)).toMatchObject({ status: 'valid', report: { valid: true, code: null, zones: expect.arrayContaining([expect.objectContaining({ apex: zone })]) } });
    expect(await checked(wrong)).toMatchObject({ status: 'invalid', report: { valid: false, code: 'rejected_credential' satisfies ErrorCode } });
  }, 60_000);

  it('a write freeze of a tenant lets nothing out of it, others go on, and it goes on when the freeze ends', async () => {
    const { zone, connect, credential } = await customer([]);
    const other = await world.tenant('A neighbour');
    const before = await world.dumpOfPowerdns(zone);
    const freeze = await inner<{ id: string }>('POST', '/v1/write-freezes', { scope: 'tenant', tenant_id: api.tenantId, reason: 'an exercise' });

    const id = await connect('www');
    const neighbour = await customer([], other);
    await other.reaches(await neighbour.connect('www'), 'live');
    const frozen = await eventually(async () => {
      const connection = await api.connection(id);
      return connection.reason?.code === 'write_frozen' ? connection : undefined;
    }, { what: 'the freeze to be told', timeoutMs: 20_000 });

    expect(frozen.reason).toMatchObject({ actor: 'operator' });
    expect(await world.dumpOfPowerdns(zone)).toBe(before);
    expect((await inner<{ items: { id: string }[] }>('GET', '/v1/write-freezes')).items.map((each) => each.id)).toEqual([freeze.id]);

    await inner('DELETE', `/v1/write-freezes/${freeze.id}`);
    await aMinutePasses();
    await reaches(id, 'live');
    expect(credential).not.toBe('');
  }, 90_000);
});

/** A customer with a zone at PowerDNS, and a credential for it. */
async function customer(seed: Seed[], by: ApiClient = api): Promise<{ zone: string; credential: string; connect(label: string, more?: object): Promise<string> }> {
  const zone = `back-${++count}.test.`;
  const { credential } = await world.powerdnsZone(zone, [...around, ...seed]);
  const application = by === api ? application_id : (await by.must<{ id: string }>('POST', '/v1/applications', { name: 'Shop', record_template: kinds['records added']!.records })).id;
  const { id: credential_id } = await by.must<{ id: string }>('POST', `/v1/applications/${application}/credentials`, { provider: 'powerdns', token: JSON.parse(credential), check: false });
  return { zone, credential, connect: async (label, more = {}) => (await by.must<ConnectionBody>('POST', '/v1/connections', { application_id: application, hostname: `${label}.${zone.slice(0, -1)}`, credential_id, ...more })).id };
}

function reaches(id: string, state: ConnectionState): Promise<ConnectionBody> {
  return api.reaches(id, state);
}

async function waitingPlan(id: string): Promise<NonNullable<Plan['plan']>> {
  await reaches(id, 'awaiting_approval');
  return (await api.must<Plan>('GET', `/v1/connections/${id}/plan`)).plan!;
}

async function approve(id: string, consequence: string): Promise<void> {
  const plan = await waitingPlan(id);
  expect(plan.consequences.map(({ code }) => code)).toContain(consequence);
  await api.must('POST', `/v1/connections/${id}/approve`, { plan_id: plan.id, hash: plan.hash });
}

/** Newest first. */
async function receiptsOf(id: string): Promise<Receipt[]> {
  return (await api.must<{ items: Receipt[] }>('GET', `/v1/connections/${id}/receipts`)).items;
}

async function undo(id: string): Promise<void> {
  const [newest] = await receiptsOf(id);
  await api.must('POST', `/v1/connections/${id}/receipts/${newest!.id}/undo`);
  await reaches(id, 'awaiting_customer');
}

async function checked(credential: string): Promise<unknown> {
  const path = `/v1/applications/${application_id}/credentials`;
  const { id } = await api.must<{ id: string }>('POST', path, { provider: 'powerdns', token: JSON.parse(credential), check: false });
  await api.must('POST', `${path}/${id}/check`);
  return eventually(async () => {
    const found = await api.must<{ report: unknown }>('GET', `${path}/${id}`);
    return found.report === null ? undefined : found;
  }, { what: 'the check', timeoutMs: 20_000 });
}

async function inner<Body>(method: string, path: string, body?: unknown): Promise<Body> {
  const answer = await fetch(`${world.product.innerUrl}${path}`, { method, headers: { authorization: `Bearer ${world.product.operatorKey}`, 'content-type': 'application/json' }, body: body === undefined ? undefined : JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}`);
  return (answer.status === 204 ? {} : await answer.json()) as Body;
}

async function held(zone: string, label: string): Promise<string[]> {
  const name = label === '' ? zone : `${label}.${zone}`;
  return (await world.heldAtPowerdns(zone)).filter((set) => set.ownerName === name).flatMap(({ type, values }) => values.map((value) => `${type} ${value}`)).sort();
}

/** Time is moved: what was written lies so many weeks back. */
function weeksPass(weeks: number): Promise<void> {
  return inDatabase('gateway', `UPDATE receipt SET projection = jsonb_set(projection, '{undo_until}', to_jsonb((projection->>'undo_until')::timestamptz - interval '${weeks} weeks')) WHERE projection->>'undo_until' IS NOT NULL`);
}

function aMinutePasses(): Promise<void> {
  return inDatabase('dns-worker', "UPDATE zone_work SET due_at = due_at - interval '1 minute' WHERE state = 'waiting'");
}

async function inDatabase(service: 'gateway' | 'dns-worker', statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: world.product.databaseUrls[service] });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
