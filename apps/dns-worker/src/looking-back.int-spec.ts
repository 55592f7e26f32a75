import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { changesApplied, connectionRemoved, planMade, receiptAmended, type DataOf } from '@connect/contracts';
import { ProviderError, type RecordSet } from '@connect/domain';
import { eventually } from '@connect/testing';
import { descriptorOf } from './fake-provider.fake.js';
import { setsOf, WorkerWorld, type Customer } from './worker-world.fake.js';

let world: WorkerWorld;
let count = 0;
let apex: string;
const set = setsOf(() => apex);

/** Somebody else writes the set of texts in the moment of our next write, and knows of no other value. */
function overwritten(...values: string[]): void {
  world.dns.once('afterWrite', () => {
    world.dns.edit(set('@', 'TXT', ...values));
  });
}

function looks(): Promise<{ state: string }[]> {
  return world.database.query<{ state: string }>(`SELECT state FROM dns_worker.zone_work WHERE kind = 'look' AND zone_key IN (SELECT zone_key FROM dns_worker.zone_turn WHERE zone_id = $1)`, [apex]);
}

async function looksAreDone(): Promise<void> {
  await eventually(async () => (await looks()).every(({ state }) => state === 'done'), { what: 'the looks are done', timeoutMs: 15_000 });
}

beforeAll(async () => {
  world = await WorkerWorld.open();
  await world.startWorker();
});
afterAll(() => world?.close());
beforeEach(() => {
  apex = `beside${++count}.example.`;
  world.dns.reset(descriptorOf({ settleTimeMs: 300 }));
  world.dns.zone(apex, set('@', 'TXT', 'theirs'), set('@', 'A', '192.0.2.9'));
});

describe('a foreign value that is gone beside a write', () => {
  it('is looked for when the write can be seen, put back, and told in the receipt', async () => {
    const customer = world.customer(apex);
    overwritten('ours');

    const { receipt } = await world.applied(customer, 1, [set('@', 'TXT', 'ours')]);
    const amended = (await world.fact(receiptAmended, customer, 1)).receipt;

    expect(receipt.foreign_losses).toEqual([]);
    expect(amended).toEqual({ ...receipt, foreign_losses: [{ owner_name: apex, type: 'TXT', values: ['"theirs"'], put_back: true }] });
    expect(world.dns.sets(apex).find(({ type }) => type === 'TXT')?.values.toSorted()).toEqual(['"ours"', '"theirs"']);
    expect(world.logged).toContain('foreign values were gone after a write and were put back');
    expect((await looks()).map(({ state }) => state)).toEqual(['done']);
  });

  it('stands in the receipt from the first where the write can be seen at once', async () => {
    world.dns.descriptor = descriptorOf({});
    const customer = world.customer(apex);
    overwritten('ours');

    await world.apply(customer, 1, [set('@', 'TXT', 'ours')]);

    expect((await world.fact(changesApplied, customer, 1)).receipt.foreign_losses).toEqual([{ owner_name: apex, type: 'TXT', values: ['"theirs"'], put_back: true }]);
    expect((await looks()).map(({ state }) => state)).toEqual(['done']);
  });

  it('is looked for by whoever comes after a worker that did not live to look', async () => {
    const customer = world.customer(apex);
    world.dns.once('afterWrite', () => {
      world.dns.edit(set('@', 'TXT', 'ours'));
      throw new ProviderError('outcome_unknown');
    });

    await world.applied(customer, 1, [set('@', 'TXT', 'ours')]);
    await looksAreDone();

    expect(world.dns.sets(apex).find(({ type }) => type === 'TXT')?.values.toSorted()).toEqual(['"ours"', '"theirs"']);
  });

  it('is put back once more where a removal of ours lost it', async () => {
    const customer = world.customer(apex);
    await world.applied(customer, 1, [set('@', 'TXT', 'ours')]);
    await looksAreDone();
    world.dns.once('afterWrite', () => {
      world.dns.zone(apex, set('@', 'A', '192.0.2.9'));
    });

    await world.remove(customer, 2);
    await world.fact(connectionRemoved, customer, 2);
    await world.fact(receiptAmended, customer, 2);

    expect(world.dns.sets(apex).find(({ type }) => type === 'TXT')?.values).toEqual(['"theirs"']);
  });
});

describe('a record that the provider’s API shows and does not write', () => {
  it('is told in the receipt, and not put back, where a write of the zone lost it', async () => {
    world.dns.descriptor = descriptorOf({ settleTimeMs: 300, mayLose: ['hidden_row'] });
    const customer = world.customer(apex);
    world.dns.edit({ ...set('_sip._tls', 'SRV', '0 5 443 sip.example.net.'), untouchable: 'hidden_row' });
    await world.apply(customer, 1, [set('shop', 'TXT', 'ours')]);
    const { plan } = await world.fact(planMade, customer, 1);
    world.dns.once('afterWrite', () => {
      world.dns.zone(apex, set('@', 'A', '192.0.2.9'), set('shop', 'TXT', 'ours'));
    });

    await world.apply(customer, 2, [set('shop', 'TXT', 'ours')], { approval: { plan_id: plan.id, hash: plan.hash } });
    const { receipt } = await world.fact(receiptAmended, customer, 2);

    expect(receipt.foreign_losses).toEqual([{ owner_name: `_sip._tls.${apex}`, type: 'SRV', values: ['0 5 443 sip.example.net.'], put_back: false }]);
    expect(world.dns.counted('write')).toBe(1);
    expect((await looks()).map(({ state }) => state)).toEqual(['done']);
  });
});

describe('a write that was to put back', () => {
  it.each([['late', 300], ['at once', 0]])('and whose answer is lost is looked for, and made again, where a write is seen %s', async (_, settleTimeMs) => {
    world.dns.descriptor = descriptorOf({ settleTimeMs });
    const customer = world.customer(apex);
    let writes = 0;
    world.dns.beforeWrite = () => {
      writes += 1;
      if (writes === 2) throw new ProviderError('outcome_unknown');
    };
    overwritten('ours');

    await world.apply(customer, 1, [set('@', 'TXT', 'ours')]);
    await eventually(() => world.factsOf(customer, 1).some(({ type, data }) => type === receiptAmended.type && (data as { receipt: { foreign_losses: { put_back: boolean }[] } }).receipt.foreign_losses[0]?.put_back === true), { what: 'it is back', timeoutMs: 15_000 });

    expect((await world.fact(receiptAmended, customer, 1)).receipt.foreign_losses).toEqual([{ owner_name: apex, type: 'TXT', values: ['"theirs"'], put_back: true }]);
    expect(world.dns.sets(apex).find(({ type }) => type === 'TXT')?.values.toSorted()).toEqual(['"ours"', '"theirs"']);
    expect(writes).toBe(3);
    world.dns.beforeWrite = () => undefined;
  });

  it('and arrived although its answer was lost is not made again', async () => {
    const customer = world.customer(apex);
    overwritten('ours');
    const first = world.dns.afterWrite;
    world.dns.afterWrite = async (changes) => {
      await first(changes);
      world.dns.once('afterWrite', () => {
        throw new ProviderError('outcome_unknown');
      });
    };

    await world.apply(customer, 1, [set('@', 'TXT', 'ours')]);

    expect((await world.fact(receiptAmended, customer, 1)).receipt.foreign_losses).toEqual([{ owner_name: apex, type: 'TXT', values: ['"theirs"'], put_back: true }]);
    expect(world.dns.counted('write')).toBe(2);
  });
});

describe('what is not there any more for a reason', () => {
  /** Their owner saves other values in the moment of our write. */
  function edited(...sets: RecordSet[]): void {
    world.dns.once('afterWrite', () => {
      world.dns.zone(apex, ...sets);
    });
  }

  /** Of each receipt that told any; the bus brings them after the look. */
  function lossesTold(customer: Customer): unknown[][] {
    return world.factsOf(customer, 1).map(({ data }) => (data as Partial<DataOf<typeof receiptAmended>>).receipt?.foreign_losses ?? []).filter((losses) => losses.length > 0);
  }

  it.each([
    ['late', 300, 'an SPF record by another one', () => [set('@', 'TXT', 'theirs', 'v=spf1 include:old.example ~all')], () => [set('@', 'TXT', 'ours', 'v=spf1 include:new.example ~all', 'theirs')]],
    ['late', 300, 'an address by another one', () => [set('@', 'A', '192.0.2.9')], () => [set('@', 'A', '198.51.100.1'), set('@', 'TXT', 'ours')]],
    ['at once', 0, 'an address by another one', () => [set('@', 'A', '192.0.2.9')], () => [set('@', 'A', '198.51.100.1'), set('@', 'TXT', 'ours')]],
  ])('was replaced, and what took its place stays alone, where a write is seen %s (%i ms): %s', async (_, settleTimeMs, __, before, after) => {
    world.dns.descriptor = descriptorOf({ settleTimeMs });
    world.dns.zone(apex, ...before());
    const customer = world.customer(apex);
    edited(...after());

    await world.applied(customer, 1, [set('@', 'TXT', 'ours')]);
    await looksAreDone();

    expect(world.dns.sets(apex)).toEqual(after());
    expect(await eventually(() => lossesTold(customer).at(-1), { what: 'the loss is told', timeoutMs: 15_000 })).toMatchObject([{ put_back: false }]);
  });

  it('was replaced, and its neighbours in the set come back all the same', async () => {
    world.dns.zone(apex, set('@', 'TXT', 'theirs', 'v=spf1 include:old.example ~all'));
    const customer = world.customer(apex);
    edited(set('@', 'TXT', 'ours', 'v=spf1 include:new.example ~all'));

    await world.applied(customer, 1, [set('@', 'TXT', 'ours')]);
    const { receipt } = await world.fact(receiptAmended, customer, 1);

    expect(receipt.foreign_losses).toEqual([
      { owner_name: apex, type: 'TXT', values: ['"v=spf1 include:old.example ~all"'], put_back: false },
      { owner_name: apex, type: 'TXT', values: ['"theirs"'], put_back: true },
    ]);
    expect(world.dns.sets(apex)).toEqual([set('@', 'TXT', 'ours', 'v=spf1 include:new.example ~all', 'theirs')]);
  });

  it('stays away where a later write of ours took it', async () => {
    world.dns.descriptor = descriptorOf({ settleTimeMs: 2_500 });
    const [customer, other] = [world.customer(apex), world.customer(apex)];
    await world.applied(customer, 1, [set('@', 'TXT', 'ours')]);

    await world.applied(other, 1, [set('@', 'A', '192.0.2.1')], { conflict_policy: 'replace_conflicting' });
    expect((await looks()).some(({ state }) => state === 'waiting')).toBe(true);
    await looksAreDone();

    expect(world.dns.sets(apex).find(({ type }) => type === 'A')?.values).toEqual(['192.0.2.1']);
    expect(world.factsOf(customer).filter(({ type }) => type === receiptAmended.type)).toEqual([]);
  });

  it('is the customer’s again where another connection wrote the same value meanwhile', async () => {
    world.dns.descriptor = descriptorOf({ settleTimeMs: 2_500 });
    const [customer, other] = [world.customer(apex), world.customer(apex)];
    overwritten('ours');
    await world.applied(customer, 1, [set('@', 'TXT', 'ours')]);

    await world.applied(other, 1, [set('@', 'TXT', 'theirs')]);
    expect((await world.fact(receiptAmended, customer, 1)).receipt.foreign_losses).toEqual([{ owner_name: apex, type: 'TXT', values: ['"theirs"'], put_back: true }]);
    await world.remove(other, 2);
    await world.fact(connectionRemoved, other, 2);

    expect(world.dns.sets(apex).find(({ type }) => type === 'TXT')?.values.toSorted()).toEqual(['"ours"', '"theirs"']);
  });

  it('is only told where the look comes long after the write: its owner may have taken it away', async () => {
    world.dns.descriptor = descriptorOf({ settleTimeMs: 3_000 });
    const customer = world.customer(apex);
    overwritten('ours');
    await world.applied(customer, 1, [set('@', 'TXT', 'ours')]);

    await world.database.query(`UPDATE dns_worker.zone_work SET created_at = now() - interval '1 hour', due_at = now() WHERE kind = 'look' AND state = 'waiting'`);
    const { receipt } = await world.fact(receiptAmended, customer, 1);

    expect(receipt.foreign_losses).toEqual([{ owner_name: apex, type: 'TXT', values: ['"theirs"'], put_back: false }]);
    expect(world.dns.sets(apex).find(({ type }) => type === 'TXT')?.values).toEqual(['"ours"']);
  });
});

describe('no look is needed', () => {
  it.each([
    ['where nothing stands at the names that are written', 'none' as const, 'shop'],
    ['where the provider refuses a stale write', 'compare_and_swap' as const, '@'],
  ])('%s', async (_, writeGuard, name) => {
    world.dns.descriptor = descriptorOf({ settleTimeMs: 300, writeGuard });
    const customer = world.customer(apex);

    await world.applied(customer, 1, [set(name, 'TXT', 'ours')]);

    expect(await looks()).toEqual([]);
  });
});
