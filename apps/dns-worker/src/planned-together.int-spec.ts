import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { changesApplied, connectionRemoved, workDelayed, workRefused } from '@connect/contracts';
import { newId, ProviderError, type Change, type RecordSet } from '@connect/domain';
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
  /** All come into one turn, in this order: the zone is known, and held until they are there. `null`: a removal. `reading`: holds that turn before it reads. */
  async function inOneTurn(wishes: readonly [Customer, RecordSet[] | null][], reading?: Gate): Promise<void> {
    const first = world.customer(`first.${apex}`, wishes[0]?.[0]);
    const before = world.dns.counted('write');
    await world.apply({ ...first, connectionId: newId('connection') }, 1, [set('first', 'A', '192.0.2.1')]);
    await eventually(() => world.dns.counted('write') === before + 1);
    await world.settled();
    const holding = new Gate();
    world.dns.beforeRead = () => holding.wait();
    await world.apply({ ...first, connectionId: newId('connection') }, 1, [set('second', 'A', '192.0.2.1')]);
    await eventually(() => holding.held === 1);
    for (const [customer, sets] of wishes) {
      await (sets === null ? world.remove(customer, 2) : world.apply(customer, 1, sets));
      await eventually(async () => (await world.database.query(`SELECT 1 FROM dns_worker.zone_work WHERE state = 'waiting' AND connection_id = $1`, [customer.connectionId])).length === 1);
    }
    world.dns.beforeRead = reading === undefined ? () => undefined : () => reading.wait();
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

  it('are tried one by one where their write fails the same way again, and ever less often', async () => {
    const customer = world.customer(`shop.${apex}`);
    const other = { ...customer, connectionId: newId('connection') };
    const failed: number[] = [];
    world.dns.beforeWrite = (changes) => {
      if (!changes.some(({ type }) => type === 'TXT')) return;
      failed.push(changes.length);
      throw new ProviderError('outcome_unknown');
    };

    await inOneTurn([[customer, [set('shop', 'TXT', 'ours')]], [other, [set('shop', 'A', '192.0.2.1')]]]);
    const { code } = await world.fact(workDelayed, customer, 1);
    const failedUntilTold = [...failed];
    await world.fact(changesApplied, other, 1);
    await eventually(() => failed.length === 3);

    expect([code, failedUntilTold, failed]).toEqual(['outcome_unknown', [2, 2], [2, 2, 1]]);
    expect(world.dns.sets(apex).some(({ ownerName, type }) => ownerName === `shop.${apex}` && type === 'TXT')).toBe(false);
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

  describe('where one takes away all of its own but a value that it leaves to another', () => {
    let [owner, sharer]: Customer[] = [];
    const shared = (): RecordSet => set('shop', 'TXT', 'shared');

    beforeEach(() => {
      // No reading after a write: the gate below meets that of the turn.
      world.dns.descriptor = descriptorOf({ writeGuard: 'compare_and_swap' });
      owner = world.customer(`shop.${apex}`);
      sharer = { ...owner, connectionId: newId('connection') };
    });

    async function overtake(): Promise<void> {
      await world.remove(sharer!, 2);
      await eventually(async () => (await world.database.query('SELECT 1 FROM dns_worker.connection_generation WHERE connection_id = $1 AND generation = 2', [sharer!.connectionId])).length === 1);
    }

    const ofTheRemoval = (changes: readonly Change[]): boolean => changes.some(({ after }) => after === null);
    const removedByBoth = async (): Promise<string[]> => {
      await Promise.all([owner!, sharer!].map((customer) => world.fact(connectionRemoved, customer, 2)));
      return world.dns.sets(apex).map(({ ownerName, type }) => `${ownerName} ${type}`).filter((key) => key.startsWith('shop.'));
    };

    it('the value goes with the other’s removal that came between plan and end', async () => {
      await world.applied(owner!, 1, [shared()]);
      const reading = new Gate();
      await inOneTurn([[sharer!, [shared()]], [owner!, null]], reading);
      await eventually(() => reading.held === 1);

      await overtake();
      reading.open();

      expect(await removedByBoth()).toEqual([]);
    });

    it('the value goes with the other’s removal that came while the rest was being written', async () => {
      await world.applied(owner!, 1, [shared(), set('shop', 'A', '192.0.2.1')]);
      world.dns.beforeWrite = async (changes) => { if (ofTheRemoval(changes) && world.factsOf(sharer!).length === 0) await overtake(); };

      await inOneTurn([[sharer!, [shared()]], [owner!, null]]);

      expect(await removedByBoth()).toEqual([]);
    });

    it('the value is the other’s also where the answer to the write was lost', async () => {
      await world.applied(owner!, 1, [shared(), set('shop', 'A', '192.0.2.1')]);
      world.dns.afterWrite = (changes) => {
        if (!ofTheRemoval(changes)) return;
        world.dns.afterWrite = () => undefined;
        throw new ProviderError('outcome_unknown');
      };

      await inOneTurn([[sharer!, [shared()]], [owner!, null]]);
      await Promise.all([world.fact(changesApplied, sharer!, 1), world.fact(connectionRemoved, owner!, 2)]);
      expect(world.dns.sets(apex)).toContainEqual(shared());
      await world.remove(sharer!, 2);

      expect(await removedByBoth()).toEqual([]);
    });
  });
});
