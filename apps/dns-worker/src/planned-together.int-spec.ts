import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { changesApplied, workRefused } from '@connect/contracts';
import { newId, ProviderError, type RecordSet } from '@connect/domain';
import { eventually } from '@connect/testing';
import { descriptorOf } from './fake-provider.fake.js';
import { Gate, setsOf, WorkerWorld, type Customer } from './worker-world.fake.js';

let world: WorkerWorld;
let count = 0;
let apex: string;
const set = setsOf(() => apex);

beforeAll(async () => {
  world = await WorkerWorld.open();
  await Promise.all([world.startWorker(), world.startWorker()]);
});
afterAll(() => world?.close());
beforeEach(() => {
  apex = `together${++count}.example.`;
  world.dns.zone(apex);
  world.dns.reset();
});

describe('works that are planned together', () => {
  /** Both come into one turn: the zone is known, and held until they are there. */
  async function inOneTurn(wishes: readonly [Customer, RecordSet[]][]): Promise<void> {
    const customers = wishes.map(([customer]) => customer);
    const first = world.customer(`first.${apex}`, customers[0]);
    await world.apply({ ...first, connectionId: newId('connection') }, 1, [set('first', 'A', '192.0.2.1')]);
    await eventually(() => world.dns.counted('write') === 1);
    await world.settled();
    const holding = new Gate();
    world.dns.beforeRead = () => holding.wait();
    await world.apply({ ...first, connectionId: newId('connection') }, 1, [set('second', 'A', '192.0.2.1')]);
    await eventually(() => holding.held === 1);
    for (const [customer, sets] of wishes) await world.apply(customer, 1, sets);
    await eventually(async () => (await world.database.query('SELECT 1 FROM dns_worker.zone_work WHERE connection_id = ANY($1)', [customers.map(({ connectionId }) => connectionId)])).length === customers.length);
    world.dns.beforeRead = () => undefined;
    holding.open();
  }

  it('do not share a value of a write that did not arrive', async () => {
    const customer = world.customer(`shop.${apex}`);
    const other = { ...customer, connectionId: newId('connection') };
    world.dns.beforeWrite = (changes) => {
      if (!changes.some(({ type }) => type === 'TXT')) return;
      world.dns.beforeWrite = () => undefined;
      throw new ProviderError('outcome_unknown');
    };
    let wasThere: boolean | undefined;
    const seen = world.fact(changesApplied, other, 1).then(() => { wasThere = world.dns.sets(apex).some(({ type }) => type === 'TXT'); });

    await inOneTurn([customer, other].map((each) => [each, [set('shop', 'TXT', 'ours')]]));
    await seen;

    expect(wasThere).toBe(true);
  });

  it('are not applied without what they share, although what is theirs alone was written', async () => {
    const customer = world.customer(`shop.${apex}`);
    const other = { ...customer, connectionId: newId('connection') };
    world.dns.descriptor = descriptorOf({ atomicWrite: false });
    world.dns.refuses = ({ type }) => type === 'TXT';

    await inOneTurn([[customer, [set('shop', 'TXT', 'ours')]], [other, [set('shop', 'TXT', 'ours'), set('shop', 'A', '192.0.2.1')]]]);
    const { code, detail } = await world.fact(workRefused, other, 1);

    expect([code, detail]).toEqual(['record_invalid', 'a bad record']);
  });

  it('of two accounts wait for each other where a write is seen late, and the later plan rests on the earlier write', async () => {
    world.dns.descriptor = descriptorOf({ settleTimeMs: 700 });
    const customers = [world.customer(`shop.${apex}`), world.customer(`shop.${apex}`)];
    const writes: number[] = [];
    const reads: number[] = [];
    world.dns.afterWrite = () => void writes.push(performance.now());
    world.dns.afterRead = () => void reads.push(performance.now());

    for (const customer of customers) await world.apply(customer, 1, [set('shop', 'TXT', customer.connectionId)]);
    await Promise.all(customers.map((customer) => world.fact(changesApplied, customer, 1)));

    expect(writes.length).toBeGreaterThanOrEqual(2);
    expect(writes.flatMap((wroteAt) => reads.filter((readAt) => readAt > wroteAt && readAt < wroteAt + 650))).toEqual([]);
  });
});
