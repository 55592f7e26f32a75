import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connectionRemoved, receiptAmended, recordSetToWire, workRefused } from '@connect/contracts';
import { ProviderError } from '@connect/domain';
import { eventually } from '@connect/testing';
import { setsOf, WorkerWorld, type Customer } from './worker-world.fake.js';

let world: WorkerWorld;
let count = 0;
let [apex, below]: string[] = [];
let customer: Customer;
const set = setsOf(() => apex!);
const [one, other] = [(): ReturnType<typeof set> => set('shop', 'TXT', 'one'), (): ReturnType<typeof set> => set('shop', 'TXT', 'other')];

beforeAll(async () => {
  world = await WorkerWorld.open();
  await Promise.all([world.startWorker(), world.startWorker()]);
});
afterAll(() => world?.close());
beforeEach(async () => {
  apex = `two${++count}.example.`;
  below = `shop.${apex}`;
  world.dns.reset();
  world.dns.zone(apex);
  world.dns.zone(below);
  customer = world.customer(`shop.${apex}`);
  await world.applied(customer, 1, [one()], { zone: apex });
});

const owned = (): Promise<unknown[]> => world.database.query('SELECT zone_key FROM dns_worker.ledger WHERE connection_id = $1', [customer.connectionId]);

describe('a connection that was written in two zones', () => {
  it('is removed from both, and ends once', async () => {
    await world.applied(customer, 2, [other()], { zone: below! });

    await world.remove(customer, 3);
    const { receipt, removed } = await world.fact(connectionRemoved, customer, 3);

    expect([world.dns.sets(apex!), world.dns.sets(below!)]).toEqual([[], []]);
    expect(removed).toEqual([{ ...recordSetToWire(one()), values: ['"other"', '"one"'] }]);
    expect(receipt?.zone.apex).toBe(apex);
    expect((await world.fact(receiptAmended, customer, 3)).receipt).toMatchObject({ kind: 'remove', zone: { apex: below } });
    expect(world.factsOf(customer, 3).map(({ type }) => type)).toEqual([receiptAmended.type, connectionRemoved.type]);
    expect(await owned()).toEqual([]);
  });

  it('is not ended while the records of the other provider are there, unless they are to be kept', async () => {
    await world.database.query(`UPDATE dns_worker.zone_turn SET provider = 'former' WHERE zone_id = $1`, [apex]);
    await world.applied(customer, 2, [other()], { zone: below! });

    await world.remove(customer, 3);
    const refusal = await world.fact(workRefused, customer, 3);

    expect(refusal).toMatchObject({ code: 'removal_blocked', detail: 'the records are at former, and the credential is of fake' });
    expect([world.dns.sets(apex!), world.dns.sets(below!)]).toEqual([[one()], []]);
    expect(await owned()).toEqual([{ zone_key: `fake ${apex}` }]);
    await world.remove(customer, 4, { keep_records: true });
    expect(await world.fact(connectionRemoved, customer, 4)).toMatchObject({ kept: true, removed: [] });
    expect(await owned()).toEqual([]);
  });
});

describe('a connection that was to be written in another zone', () => {
  it('is removed from the one in which it was', async () => {
    world.dns.beforeRead = () => { throw new ProviderError('provider_unavailable'); };
    await world.apply(customer, 2, [other()], { zone: below! });
    await eventually(async () => (await world.database.query('SELECT 1 FROM dns_worker.zone_work WHERE connection_id = $1 AND generation = 2 AND attempts > 0', [customer.connectionId])).length === 1);
    world.dns.reset();

    await world.remove(customer, 3);

    expect((await world.fact(connectionRemoved, customer, 3)).removed).toEqual([recordSetToWire(one())]);
    expect(world.dns.sets(apex!)).toEqual([]);
  });
});
