import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { changesApplied, connectionRemoved, planMade, workDelayed, workRefused } from '@connect/contracts';
import { newId, ownerName, ProviderError } from '@connect/domain';
import { eventually } from '@connect/testing';
import { descriptorOf } from './fake-provider.fake.js';
import { Gate, setsOf, WorkerWorld } from './worker-world.fake.js';

let world: WorkerWorld;
let count = 0;
let apex: string;
const set = setsOf(() => apex);

/** The turn's end is moved into the past: what time does to a worker that hangs. */
function endTurn(): Promise<unknown> {
  return world.database.query(`UPDATE dns_worker.zone_turn SET turn_until = now() - interval '1 hour' WHERE zone_id = $1`, [apex]);
}

beforeAll(async () => {
  world = await WorkerWorld.open();
  await Promise.all([world.startWorker(), world.startWorker()]);
});
afterAll(() => world?.close());
beforeEach(() => {
  apex = `doubt${++count}.example.`;
  world.dns.zone(apex);
  world.dns.reset();
  world.token = 'right';
});

describe('a write whose answer was lost', () => {
  it('is looked for before anything else, and is ours when it arrived', async () => {
    const customer = world.customer(`shop.${apex}`);
    world.dns.afterWrite = () => { throw new ProviderError('outcome_unknown'); };

    await world.applied(customer, 1, [set('shop', 'A', '192.0.2.1')]);

    expect(world.dns.counted('write')).toBe(1);
    expect(await world.database.query('SELECT role FROM dns_worker.ledger WHERE connection_id = $1', [customer.connectionId])).toEqual([{ role: 'owned' }]);
  });

  it('is taken away by a removal, also where its work was refused before anybody could look', async () => {
    const customer = world.customer(`shop.${apex}`);
    world.dns.once('afterWrite', () => {
      world.token = 'wrong';
      throw new ProviderError('outcome_unknown');
    });
    await world.apply(customer, 1, [set('shop', 'A', '192.0.2.1')]);
    await world.fact(workRefused, customer, 1);
    world.token = 'right';

    await world.remove(customer, 2);

    expect((await world.fact(connectionRemoved, customer, 2)).removed).toHaveLength(1);
    expect(world.dns.sets(apex)).toEqual([]);
  });

  it('is written again only after two looks that do not find it', async () => {
    const customer = world.customer(`shop.${apex}`);
    world.dns.once('beforeWrite', () => {
      throw new ProviderError('outcome_unknown');
    });

    await world.applied(customer, 1, [set('shop', 'A', '192.0.2.1')]);

    const calls = world.dns.calls.map(({ call }) => call);
    expect(calls.filter((call) => call === 'write')).toHaveLength(2);
    expect(calls.slice(calls.indexOf('write') + 1, calls.lastIndexOf('write')).filter((call) => call === 'read').length).toBeGreaterThanOrEqual(2);
  });

  it('keeps everybody out of the zone for the settle time', async () => {
    world.dns.descriptor = descriptorOf({ settleTimeMs: 700 });
    const [customer, other] = [world.customer(`shop.${apex}`), world.customer(`other.${apex}`)];
    let lostAt = 0;
    world.dns.afterWrite = () => {
      lostAt = performance.now();
      world.dns.afterWrite = () => undefined;
      throw new ProviderError('outcome_unknown');
    };
    await world.apply(customer, 1, [set('shop', 'A', '192.0.2.1')]);
    await eventually(() => lostAt > 0);
    let nextReadAt = 0;
    world.dns.beforeRead = () => { nextReadAt ||= performance.now(); };

    await world.apply(other, 1, [set('other', 'A', '192.0.2.1')]);
    await Promise.all([world.fact(changesApplied, customer, 1), world.fact(changesApplied, other, 1)]);

    expect(nextReadAt - lostAt).toBeGreaterThan(650);
  });
});

describe('a worker that hangs after its write', () => {
  it('loses its turn; the next one finds the write, settles it once, and the old one changes nothing more', async () => {
    const customer = world.customer(`shop.${apex}`);
    const hanging = new Gate();
    world.dns.once('afterWrite', () => hanging.wait());

    await world.apply(customer, 1, [set('shop', 'A', '192.0.2.1')]);
    await eventually(() => hanging.held === 1);
    await endTurn();
    await world.fact(changesApplied, customer, 1);
    hanging.open();
    await world.settled();
    const other = world.customer(`other.${apex}`);
    await world.applied(other, 1, [set('other', 'A', '192.0.2.1')]);

    expect(world.factsOf(customer).map(({ type }) => type)).toEqual(['evt.dns.plan-made', 'evt.dns.changes-applied']);
    expect(await world.database.query('SELECT count(*)::int AS count FROM dns_worker.receipt WHERE connection_id = $1', [customer.connectionId])).toEqual([{ count: 1 }]);
    expect(world.dns.sets(apex)).toHaveLength(2);
  });

  it('cannot begin to write once its turn is lost', async () => {
    world.dns.descriptor = descriptorOf({ writeGuard: 'compare_and_swap' });
    const customer = world.customer(`shop.${apex}`);
    const hanging = new Gate();
    world.dns.once('afterRead', () => hanging.wait());

    await world.apply(customer, 1, [set('shop', 'A', '192.0.2.1')]);
    await eventually(() => hanging.held === 1);
    await endTurn();
    await world.fact(changesApplied, customer, 1);
    hanging.open();
    const other = world.customer(`other.${apex}`);
    await world.applied(other, 1, [set('other', 'A', '192.0.2.1')]);

    expect(world.dns.calls.filter(({ call, sets }) => call === 'write' && sets.includes(`shop.${apex} A`))).toHaveLength(1);
  });
});

describe('a removal that needs nothing of the provider', () => {
  function owned(): Promise<unknown[]> {
    return world.database.query(`SELECT ledger.connection_id FROM dns_worker.ledger JOIN dns_worker.zone_turn USING (zone_key) WHERE zone_id = $1`, [apex]);
  }

  it('because the records are kept does not wait for a look that nobody can make', async () => {
    const customer = world.customer(`shop.${apex}`);
    world.dns.once('afterWrite', () => {
      world.token = 'wrong';
      throw new ProviderError('outcome_unknown');
    });
    await world.apply(customer, 1, [set('shop', 'A', '192.0.2.1')]);
    await world.fact(workRefused, customer, 1);

    await world.remove(customer, 2, { keep_records: true });

    expect(await world.fact(connectionRemoved, customer, 2)).toEqual({ receipt: null, removed: [], not_restored: [], kept: true });
  });

  it('because the records are kept leaves to nobody what is found of it later, also where the worker that wrote still hangs', async () => {
    const [customer, other] = [world.customer(`shop.${apex}`), world.customer(`other.${apex}`)];
    const hanging = new Gate();
    world.dns.once('afterWrite', () => hanging.wait());
    await world.apply(customer, 1, [set('shop', 'A', '192.0.2.1')]);
    await eventually(() => hanging.held === 1);
    await endTurn();

    await world.remove(customer, 2, { keep_records: true });
    expect(await world.fact(connectionRemoved, customer, 2)).toMatchObject({ kept: true });
    hanging.open();
    await world.applied(other, 1, [set('other', 'A', '192.0.2.1')]);
    await world.settled();

    expect(await owned()).toEqual([{ connection_id: other.connectionId }]);
    expect(world.dns.sets(apex)).toHaveLength(2);
    expect(world.factsOf(customer, 1).map(({ type }) => type)).toEqual(['evt.dns.plan-made']);
    expect(await world.database.query(`SELECT 1 FROM dns_worker.write_intent JOIN dns_worker.zone_turn USING (zone_key) WHERE zone_id = $1 AND state = 'open'`, [apex])).toEqual([]);
  });

  it('because nothing was written does not wait for it either, although its zone is known', async () => {
    const first = world.customer(`first.${apex}`);
    await world.applied(first, 1, [set('first', 'A', '192.0.2.1')]);
    const customer = world.customer(`shop.${apex}`, { tenantId: first.tenantId, applicationId: first.applicationId, credentialId: first.credentialId });
    world.dns.beforeRead = () => { throw new ProviderError('rate_limited', { retryAfterMs: 2_500 }); };
    await world.apply(customer, 1, [set('shop', 'A', '192.0.2.1')]);
    await world.fact(workDelayed, customer, 1);
    const reads = world.dns.counted('read');

    await world.remove(customer, 2);

    expect(await world.fact(connectionRemoved, customer, 2)).toEqual({ receipt: null, removed: [], not_restored: [], kept: false });
    expect(world.dns.counted('read')).toBe(reads);
  });
});

describe('two workers', () => {
  it('write each of many zones once', async () => {
    const zones = Array.from({ length: 20 }, (_, i) => `two${i}.example.`);
    const customers = zones.map((zone) => world.customer(`shop.${zone}`));
    zones.forEach((zone) => world.dns.zone(zone));

    await Promise.all(customers.map((customer) => world.apply(customer, 1, [{ ownerName: ownerName(customer.hostname), type: 'A', ttlSeconds: 300, values: ['192.0.2.1'] }])));
    await Promise.all(customers.map((customer) => world.fact(changesApplied, customer, 1)));

    expect(world.dns.counted('write')).toBe(20);
    expect(customers.flatMap((customer) => world.factsOf(customer).map(({ type }) => type))).toHaveLength(40);
  });
});

describe('a newer intent', () => {
  it('stops a write that was not said yet', async () => {
    const customer = world.customer(`shop.${apex}`);
    const reading = new Gate();
    world.dns.once('beforeRead', () => reading.wait());
    await world.apply(customer, 1, [set('shop', 'A', '192.0.2.1')]);
    await eventually(() => reading.held === 1);

    await world.remove(customer, 2);
    await eventually(async () => (await world.database.query<{ generation: number }>('SELECT generation FROM dns_worker.connection_generation WHERE connection_id = $1', [customer.connectionId]))[0]?.generation === 2);
    reading.open();

    expect(await world.fact(connectionRemoved, customer, 2)).toMatchObject({ removed: [] });
    await world.settled();
    expect(world.dns.counted('write')).toBe(0);
    expect(world.factsOf(customer, 1)).toEqual([]);
  });

  it('takes away what an older one is just writing', async () => {
    const customer = world.customer(`shop.${apex}`);
    const writing = new Gate();
    world.dns.once('beforeWrite', () => writing.wait());
    await world.apply(customer, 1, [set('shop', 'A', '192.0.2.1')]);
    await eventually(() => writing.held === 1);

    await world.remove(customer, 2);
    await eventually(async () => (await world.database.query('SELECT 1 FROM dns_worker.zone_work WHERE connection_id = $1 AND generation = 2 AND zone_key IS NOT NULL', [customer.connectionId])).length === 1);
    writing.open();

    expect((await world.fact(connectionRemoved, customer, 2)).removed).toHaveLength(1);
    expect(world.dns.sets(apex)).toEqual([]);
  });
});

describe('other writers', () => {
  it('who change the set in between are noticed, and the plan is made again', async () => {
    world.dns.descriptor = descriptorOf({ writeGuard: 'compare_and_swap' });
    const customer = world.customer(`shop.${apex}`);
    world.dns.once('beforeWrite', () => {
      world.dns.edit(set('@', 'TXT', 'theirs'));
    });

    await world.applied(customer, 1, [set('@', 'TXT', 'ours')]);

    expect(world.dns.sets(apex)[0]?.values).toEqual(['"theirs"', '"ours"']);
  });

  it('who take our value away while we write are seen by the look afterwards', async () => {
    const customer = world.customer(`shop.${apex}`);
    world.dns.once('afterWrite', () => {
      world.dns.edit(set('@', 'TXT', 'theirs'));
    });

    await world.applied(customer, 1, [set('@', 'TXT', 'ours')]);

    expect(world.dns.sets(apex)[0]?.values).toEqual(['"theirs"', '"ours"']);
  });
});

describe('what has to wait, or cannot be', () => {
  it('a provider that is away is tried again, and people are told', async () => {
    const customer = world.customer(`shop.${apex}`);
    world.dns.once('beforeRead', () => {
      throw new ProviderError('rate_limited', { retryAfterMs: 2_500 });
    });

    await world.apply(customer, 1, [set('shop', 'A', '192.0.2.1')]);
    const delayed = await world.fact(workDelayed, customer, 1);
    await world.fact(changesApplied, customer, 1);

    expect(delayed).toMatchObject({ code: 'rate_limited', of: 'apply' });
  });

  it('a rejected credential is final', async () => {
    const customer = world.customer(`shop.${apex}`);
    world.token = 'wrong';

    await world.apply(customer, 1, [set('shop', 'A', '192.0.2.1')]);

    expect(await world.fact(workRefused, customer, 1)).toEqual({ code: 'rejected_credential', detail: null, of: 'apply' });
  });

  it('a write freeze holds writing and lets it go on when it ends', async () => {
    const customer = world.customer(`shop.${apex}`);
    await world.database.query(`INSERT INTO dns_worker.write_freeze (id, scope, value, reason) VALUES ($1, 'tenant', $2, 'test')`, [newId('writeFreeze'), customer.tenantId]);
    await world.apply(customer, 1, [set('shop', 'A', '192.0.2.1')]);

    expect(await world.fact(workDelayed, customer, 1)).toMatchObject({ code: 'write_frozen' });
    expect(world.dns.counted('write')).toBe(0);

    await world.database.query('DELETE FROM dns_worker.write_freeze');
    await world.database.query(`UPDATE dns_worker.zone_work SET due_at = now() WHERE connection_id = $1`, [customer.connectionId]);
    await world.fact(changesApplied, customer, 1);
  });

  it('a zone that moved to another id is searched again', async () => {
    const customer = world.customer(`a.sub.${apex}`);
    await world.applied(customer, 1, [set('a.sub', 'A', '192.0.2.1')]);
    world.dns.zones.delete(apex);
    world.dns.zone(`sub.${apex}`);

    await world.applied(customer, 2, [set('a.sub', 'A', '192.0.2.2')]);

    expect((await world.fact(planMade, customer, 2)).plan.zone.apex).toBe(`sub.${apex}`);
  });

  it('no secret is logged', () => {
    expect(world.logged).not.toContain('"right"');
  });
});
