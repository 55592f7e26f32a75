import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { changesApplied, checkCredential, connectionRemoved, credentialChecked, planMade, previewPlan, recordSetToWire, undoReceipt, workRefused } from '@connect/contracts';
import { newId } from '@connect/domain';
import { eventually } from '@connect/testing';
import { descriptorOf } from './fake-provider.fake.js';
import { setsOf, target, WorkerWorld } from './worker-world.fake.js';

let world: WorkerWorld;
let count = 0;
let apex: string;
const set = setsOf(() => apex);

beforeAll(async () => {
  world = await WorkerWorld.open();
  await world.startWorker();
});
afterAll(() => world?.close());
beforeEach(() => {
  apex = `zone${++count}.example.`;
  world.dns.reset();
});

describe('a connection in a zone that has room for it', () => {
  it('is planned, written, read back and told, and the neighbours stay', async () => {
    const www = set('www', 'A', '192.0.2.1');
    world.dns.zone(apex, www);
    const customer = world.customer(`shop.${apex}`);

    const { receipt } = await world.applied(customer, 1, [set('shop', 'CNAME', 'edge.saas.example.')]);

    expect(world.dns.sets(apex)).toEqual([set('shop', 'CNAME', 'edge.saas.example.'), www]);
    expect(receipt).toMatchObject({ kind: 'apply', outcomes: [{ owner_name: `shop.${apex}`, action: 'create', added: ['edge.saas.example.'], status: 'applied' }] });
    expect(world.factsOf(customer).map(({ type }) => type)).toEqual(['evt.dns.plan-made', 'evt.dns.changes-applied']);
    expect(world.dns.calls.map(({ call }) => call)).toEqual(['find', 'read', 'write', 'read']);
    expect(world.leases.filter(({ connections }) => connections.includes(customer.connectionId)).map(({ purpose, zone }) => [purpose, zone])).toEqual([['find_zone', null], ['write', apex]]);
  });

  it('costs three calls when the zone is known, two where the provider can refuse a stale write', async () => {
    world.dns.zone(apex);
    const first = world.customer(`a.${apex}`);
    await world.applied(first, 1, [set('a', 'CNAME', 'edge.saas.example.')]);

    world.dns.calls.length = 0;
    const second = world.customer(`b.${apex}`, { tenantId: first.tenantId, applicationId: first.applicationId, credentialId: first.credentialId });
    await world.applied(second, 1, [set('b', 'CNAME', 'edge.saas.example.')]);
    expect(world.dns.calls.map(({ call }) => call)).toEqual(['read', 'write', 'read']);

    world.dns.calls.length = 0;
    world.dns.descriptor = descriptorOf({ writeGuard: 'compare_and_swap' });
    const third = world.customer(`c.${apex}`, { tenantId: first.tenantId, applicationId: first.applicationId, credentialId: first.credentialId });
    await world.applied(third, 1, [set('c', 'CNAME', 'edge.saas.example.')]);
    expect(world.dns.calls.map(({ call }) => call)).toEqual(['read', 'write']);
  });

  it('is empty where all is there already, and the values are used, not owned', async () => {
    const theirs = set('shop', 'CNAME', 'edge.saas.example.');
    world.dns.zone(apex, theirs);
    const customer = world.customer(`shop.${apex}`);

    await world.apply(customer, 1, [theirs]);
    expect((await world.fact(changesApplied, customer, 1)).receipt.outcomes).toEqual([]);
    expect((await world.fact(planMade, customer, 1)).next).toBe('empty');
    await world.remove(customer, 2);
    const removal = await world.fact(connectionRemoved, customer, 2);

    expect(removal).toEqual({ receipt: null, removed: [], not_restored: [], kept: false });
    expect(world.dns.sets(apex)).toEqual([theirs]);
    expect(world.dns.counted('write')).toBe(0);
  });
});

describe('many connections of one zone', () => {
  it('cost one search, one read and one write when they come together', async () => {
    world.dns.zone(apex);
    const first = world.customer(`h0.${apex}`);
    const customers = Array.from({ length: 40 }, (_, i) => world.customer(`h${i}.${apex}`, { tenantId: first.tenantId, applicationId: first.applicationId, credentialId: first.credentialId }));
    let open = (): void => undefined;
    world.dns.beforeRead = () => new Promise<void>((resolve) => { open = resolve; world.dns.beforeRead = () => undefined; });

    await world.apply(customers[0]!, 1, [set('h0', 'CNAME', 'edge.saas.example.')]);
    await eventually(() => world.dns.counted('read') === 1);
    await Promise.all(customers.slice(1).map((customer, i) => world.apply(customer, 1, [set(`h${i + 1}`, 'CNAME', 'edge.saas.example.')])));
    await eventually(async () => (await world.database.query<{ count: string }>(`SELECT count(*) FROM dns_worker.zone_work WHERE data->>'hostname' LIKE '%.' || $1`, [apex]))[0]?.count === '40');
    open();
    await Promise.all(customers.map((customer) => world.fact(changesApplied, customer, 1)));

    expect(world.dns.sets(apex)).toHaveLength(40);
    expect(world.dns.counted('find')).toBe(1);
    expect(world.dns.counted('write')).toBe(2);
    expect(world.dns.calls.length).toBeLessThanOrEqual(8);
  });

  it('share one additive set without losing each other’s values', async () => {
    world.dns.zone(apex, set('@', 'TXT', 'theirs'));
    const customers = Array.from({ length: 5 }, (_, i) => world.customer(`s${i}.${apex}`));

    await Promise.all(customers.map((customer, i) => world.apply(customer, 1, [set('@', 'TXT', `ours ${i}`)])));
    await Promise.all(customers.map((customer) => world.fact(changesApplied, customer, 1)));
    await world.remove(customers[2]!, 2);
    await world.fact(connectionRemoved, customers[2]!, 2);

    expect(world.dns.sets(apex)[0]?.values.toSorted()).toEqual(['"ours 0"', '"ours 1"', '"ours 3"', '"ours 4"', '"theirs"']);
  });

  it('one bad request does not spoil its neighbours', async () => {
    world.dns.zone(apex);
    const like = world.customer(apex);
    const customers = ['good1', 'bad', 'good2'].map((name) => world.customer(`${name}.${apex}`, { tenantId: like.tenantId, applicationId: like.applicationId, credentialId: like.credentialId }));
    world.dns.refuses = (change) => change.ownerName.startsWith('bad.');
    let open = (): void => undefined;
    world.dns.beforeRead = () => new Promise<void>((resolve) => { open = resolve; world.dns.beforeRead = () => undefined; });

    const first = world.customer(`first.${apex}`, { tenantId: like.tenantId, applicationId: like.applicationId, credentialId: like.credentialId });
    await world.apply(first, 1, [set('first', 'A', '192.0.2.1')]);
    await eventually(() => world.dns.counted('read') === 1);
    await Promise.all(customers.map((customer) => world.apply(customer, 1, [set(customer.hostname.split('.')[0]!, 'A', '192.0.2.1')])));
    open();

    await Promise.all([customers[0]!, customers[2]!].map((customer) => world.fact(changesApplied, customer, 1)));
    expect(await world.fact(workRefused, customers[1]!, 1)).toMatchObject({ code: 'record_invalid', of: 'apply' });
    expect(world.dns.sets(apex).map(({ ownerName: name }) => name)).toEqual([`first.${apex}`, `good1.${apex}`, `good2.${apex}`]);
    world.dns.refuses = () => false;
  });
});

describe('what is not ours', () => {
  it('waits for an approval, which holds while nothing new is in the way', async () => {
    world.dns.zone(apex, set('shop', 'A', '192.0.2.1'));
    const customer = world.customer(`shop.${apex}`);
    const wanted = [set('shop', 'CNAME', 'edge.saas.example.')];

    await world.apply(customer, 1, wanted);
    const { plan, next } = await world.fact(planMade, customer, 1);
    expect([next, plan.safe, plan.consequences.map(({ code }) => code)]).toEqual(['awaiting_approval', false, ['replaces_address']]);
    expect(world.dns.counted('write')).toBe(0);

    world.dns.edit(set('shop', 'A', '192.0.2.1', '192.0.2.99'));
    await world.apply(customer, 2, wanted, { approval: { plan_id: plan.id, hash: plan.hash } });
    const again = await world.fact(planMade, customer, 2);
    expect([again.next, again.plan.consequences[0]?.values]).toEqual(['awaiting_approval', ['192.0.2.1', '192.0.2.99']]);
    expect(world.dns.counted('write')).toBe(0);

    await world.applied(customer, 3, wanted, { approval: { plan_id: again.plan.id, hash: again.plan.hash } });
    expect(world.dns.sets(apex)).toEqual(wanted);
  });

  it('is listed as not restored when the connection is removed', async () => {
    world.dns.zone(apex, set('shop', 'A', '192.0.2.1'));
    const customer = world.customer(`shop.${apex}`);
    await world.applied(customer, 1, [set('shop', 'CNAME', 'edge.saas.example.')], { conflict_policy: 'replace_conflicting' });

    await world.remove(customer, 2);
    const removal = await world.fact(connectionRemoved, customer, 2);

    expect(removal.removed).toEqual([recordSetToWire(set('shop', 'CNAME', 'edge.saas.example.'))]);
    expect(removal.not_restored).toEqual([recordSetToWire(set('shop', 'A', '192.0.2.1'))]);
    expect(world.dns.sets(apex)).toEqual([]);
  });

  it('comes back by an undo', async () => {
    const before = set('shop', 'A', '192.0.2.1');
    world.dns.zone(apex, before);
    const customer = world.customer(`shop.${apex}`);
    const { receipt } = await world.applied(customer, 1, [set('shop', 'CNAME', 'edge.saas.example.')], { conflict_policy: 'replace_conflicting' });

    await world.send(undoReceipt, customer, 2, { ...target(customer), receipt_id: receipt.id });
    const undo = await world.fact(changesApplied, customer, 2);

    expect(undo.receipt).toMatchObject({ kind: 'undo', undo_until: null });
    expect(world.dns.sets(apex)).toEqual([before]);
    expect(await world.database.query('SELECT 1 FROM dns_worker.ledger WHERE connection_id = $1', [customer.connectionId])).toEqual([]);
  });

  it('is not read as a name of this zone where it is delegated away', async () => {
    world.dns.zone(apex, { ...set('shop', 'TXT', 'x'), type: 'NS', values: ['ns.elsewhere.example.'] });
    const customer = world.customer(`www.shop.${apex}`);

    await world.apply(customer, 1, [set('www.shop', 'A', '192.0.2.1')]);

    expect(await world.fact(workRefused, customer, 1)).toMatchObject({ code: 'zone_not_found' });
    expect(world.dns.counted('write')).toBe(0);
  });
});

describe('a repeated command', () => {
  it('is answered with the same facts and changes nothing', async () => {
    world.dns.zone(apex);
    const customer = world.customer(`shop.${apex}`);
    await world.applied(customer, 1, [set('shop', 'A', '192.0.2.1')]);
    const [told, calls] = [world.factsOf(customer).map(({ id }) => id), world.dns.calls.length];

    await world.apply(customer, 1, [set('shop', 'A', '192.0.2.1')]);
    await eventually(() => world.factsOf(customer).length === 2 * told.length, { what: 'the facts are told again' });

    expect([...new Set(world.factsOf(customer).map(({ id }) => id))]).toEqual(told);
    expect(world.dns.calls.length).toBe(calls);
  });

  it('of an older generation writes nothing', async () => {
    world.dns.zone(apex);
    const customer = world.customer(`shop.${apex}`);
    await world.applied(customer, 5, [set('shop', 'A', '192.0.2.5')]);

    await world.apply(customer, 4, [set('shop', 'A', '192.0.2.4')]);
    await eventually(async () => (await world.database.query<{ state: string }>('SELECT state FROM dns_worker.zone_work WHERE connection_id = $1 AND generation = 4', [customer.connectionId]))[0]?.state === 'superseded');

    expect(world.dns.sets(apex)).toEqual([set('shop', 'A', '192.0.2.5')]);
    expect(world.factsOf(customer, 4)).toEqual([]);
  });
});

describe('errands', () => {
  it('a preview tells the plan under its id and writes nothing', async () => {
    world.dns.zone(apex, set('shop', 'A', '192.0.2.1'));
    const customer = world.customer(`shop.${apex}`);
    const planId = newId('plan');

    await world.send(previewPlan, customer, 1, { ...target(customer), record_sets: [recordSetToWire(set('shop', 'CNAME', 'edge.saas.example.'))], conflict_policy: 'upsert', lane: 'interactive', plan_id: planId });
    const { plan, next } = await world.fact(planMade, customer, 1);

    expect([plan.id, next, plan.consequences.length]).toEqual([planId, 'preview', 1]);
    expect(world.dns.counted('write')).toBe(0);
  });

  it('a check tells what the credential reaches, and spares the search for a zone', async () => {
    world.dns.zone(apex);
    const customer = world.customer(`shop.${apex}`);
    await world.send(checkCredential, customer, 0, { application_id: customer.applicationId, credential_id: customer.credentialId, provider: 'fake', zone: null });
    const fact = await eventually(() => world.facts.find((each) => each.type === credentialChecked.type && (each.data as { credential_id: string }).credential_id === customer.credentialId));
    expect(fact.data).toMatchObject({ report: { valid: true, zones_complete: true } });

    await world.applied(customer, 1, [set('shop', 'A', '192.0.2.1')]);

    expect(world.dns.counted('find')).toBe(0);
  });

  it('a removal that owns nothing needs no provider', async () => {
    const customer = world.customer(`shop.${apex}`);

    await world.remove(customer, 1, { provider: null, credential_id: null });

    expect(await world.fact(connectionRemoved, customer, 1)).toEqual({ receipt: null, removed: [], not_restored: [], kept: false });
    expect(world.dns.calls).toEqual([]);
  });

  it('"keep the records" lets go without a call', async () => {
    world.dns.zone(apex);
    const customer = world.customer(`shop.${apex}`);
    await world.applied(customer, 1, [set('shop', 'A', '192.0.2.1')]);
    world.dns.calls.length = 0;

    await world.remove(customer, 2, { keep_records: true });

    expect(await world.fact(connectionRemoved, customer, 2)).toMatchObject({ kept: true, removed: [] });
    expect(world.dns.calls).toEqual([]);
    expect(world.dns.sets(apex)).toHaveLength(1);
  });
});
