import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connectionRemoved, planMade, receiptAmended } from '@connect/contracts';
import { ProviderError, type RecordSet } from '@connect/domain';
import { setsOf, WorkerWorld, type Customer } from './worker-world.fake.js';

let world: WorkerWorld;
let count = 0;
let apex: string;
let customer: Customer;
const set = setsOf(() => apex);
const wanted = (): RecordSet[] => [set('shop', 'CNAME', 'edge.saas.example.'), set('_proof.shop', 'TXT', 'token')];

beforeAll(async () => {
  world = await WorkerWorld.open();
  await world.startWorker();
});
afterAll(() => world?.close());
beforeEach(() => {
  apex = `partly${++count}.example.`;
  customer = world.customer(`shop.${apex}`);
  world.dns.reset();
  world.dns.zone(apex, set('shop', 'A', '192.0.2.1'));
});

describe('a plan of which a part is safe', () => {
  it('is written so far, and the rest is asked for; the approval writes it', async () => {
    await world.apply(customer, 1, wanted());
    const { plan, next } = await world.fact(planMade, customer, 1);

    expect(next).toBe('awaiting_approval');
    expect(plan.changes.map(({ owner_name }) => owner_name)).toEqual([`shop.${apex}`, `shop.${apex}`]);
    expect(world.dns.sets(apex)).toEqual([wanted()[1], set('shop', 'A', '192.0.2.1')]);
    expect((await world.fact(receiptAmended, customer, 1)).receipt.outcomes).toEqual([expect.objectContaining({ owner_name: `_proof.shop.${apex}`, action: 'create', status: 'applied' })]);
    expect(world.factsOf(customer, 1).map(({ type }) => type)).toEqual([receiptAmended.type, planMade.type]);

    await world.applied(customer, 2, wanted(), { approval: { plan_id: plan.id, hash: plan.hash } });
    expect(world.dns.sets(apex)).toEqual(wanted().toReversed());
    await world.remove(customer, 3);
    await world.fact(connectionRemoved, customer, 3);
    expect(world.dns.sets(apex)).toEqual([]);
  });

  it('is taken back whole by a removal while the rest waits', async () => {
    await world.apply(customer, 1, wanted());
    await world.fact(planMade, customer, 1);

    await world.remove(customer, 2);
    await world.fact(connectionRemoved, customer, 2);

    expect(world.dns.sets(apex)).toEqual([set('shop', 'A', '192.0.2.1')]);
  });

  it('is looked for when the answer was lost, and written once', async () => {
    world.dns.once('afterWrite', () => {
      throw new ProviderError('outcome_unknown');
    });

    await world.apply(customer, 1, wanted());
    expect((await world.fact(planMade, customer, 1)).next).toBe('awaiting_approval');

    expect(world.dns.counted('write')).toBe(1);
    expect(world.factsOf(customer, 1).filter(({ type }) => type === receiptAmended.type)).toHaveLength(1);
    expect(await world.database.query('SELECT owner_name FROM dns_worker.ledger WHERE connection_id = $1', [customer.connectionId])).toEqual([{ owner_name: `_proof.shop.${apex}` }]);
  });

  it('is written once also where the provider does not keep what we write', async () => {
    world.dns.afterWrite = () => void world.dns.zones.get(apex)?.delete(`_proof.shop.${apex} TXT` as never);
    world.dns.descriptor = { ...world.dns.descriptor, writeGuard: 'compare_and_swap' };

    await world.apply(customer, 1, wanted());
    await world.fact(planMade, customer, 1);

    expect(world.dns.counted('write')).toBe(1);
    world.dns.descriptor = { ...world.dns.descriptor, writeGuard: 'none' };
  });

  it('waits whole under create_only', async () => {
    await world.apply(customer, 1, wanted(), { conflict_policy: 'create_only' });
    await world.fact(planMade, customer, 1);

    expect(world.dns.counted('write')).toBe(0);
  });
});
