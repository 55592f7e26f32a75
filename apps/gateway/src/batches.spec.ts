import { describe, expect, it } from '@jest/globals';
import { ConnectError } from '@connect/domain';
import { Batches } from './batches.js';

/** Doubles numbers; every batch waits until it is let go. */
function doubling(more: { leavesOut?: number; fails?: (items: readonly number[]) => boolean; error?: Error; keyOf?: (item: number) => string } = {}) {
  const batches: number[][] = [];
  const alone: number[] = [];
  const held: (() => void)[] = [];
  const doublings = new Batches<number, number>({
    async together(items) {
      batches.push([...items]);
      await new Promise<void>((resolve) => held.push(resolve));
      if (more.fails?.(items) === true) throw more.error ?? new RangeError('a batch that fails');
      return items.map((item) => (item === more.leavesOut ? undefined : item * 2));
    },
    async alone(item) {
      alone.push(item);
      if (more.fails?.([item]) === true) throw new RangeError('one that fails');
      return item * 2;
    },
    ...(more.keyOf === undefined ? {} : { keyOf: more.keyOf }),
  });
  return { doublings, batches, alone, letGo: () => held.splice(0).forEach((go) => go()) };
}
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('batches', () => {
  it('do at once what comes to an idle process, together with what comes in the same turn', async () => {
    const { doublings, batches, letGo } = doubling();

    const results = Promise.all([doublings.do(1), doublings.do(2)]);
    await turn();
    letGo();

    expect(await results).toEqual([2, 4]);
    expect(batches).toEqual([[1, 2]]);
  });

  it('gather what comes while two are under way, and no item joins one that has begun', async () => {
    const { doublings, batches, letGo } = doubling();
    const all: Promise<number>[] = [];
    for (const item of [1, 2, 3, 4, 5]) {
      all.push(doublings.do(item));
      await turn();
    }

    expect(batches).toEqual([[1], [2]]);
    letGo();
    await turn();
    await turn();
    letGo();
    await Promise.all(all);

    expect(batches).toEqual([[1], [2], [3, 4, 5]]);
  });

  it('hold at most 50 items', async () => {
    const { doublings, batches, letGo } = doubling();

    const all = Promise.all(Array.from({ length: 120 }, (_, item) => doublings.do(item)));
    for (let round = 0; round < 6; round += 1) {
      await turn();
      letGo();
    }
    await all;

    expect(batches.map(({ length }) => length)).toEqual([50, 50, 20]);
  });

  it('never hold two items of one key', async () => {
    const { doublings, batches, letGo } = doubling({ keyOf: (item) => `${item % 2}` });

    const all = Promise.all([1, 2, 3].map((item) => doublings.do(item)));
    for (let round = 0; round < 3; round += 1) {
      await turn();
      letGo();
    }
    await all;

    expect(batches).toEqual([[1, 2], [3]]);
  });

  it('do alone what was left out', async () => {
    const { doublings, alone, letGo } = doubling({ leavesOut: 2 });

    const results = Promise.all([1, 2, 3].map((item) => doublings.do(item)));
    await turn();
    letGo();

    expect(await results).toEqual([2, 4, 6]);
    expect(alone).toEqual([2]);
  });

  it('do each item of a failed batch alone, so that only the one that fails hears of it', async () => {
    const { doublings, alone, letGo } = doubling({ fails: (items) => items.includes(2) });

    const results = Promise.allSettled([1, 2, 3].map((item) => doublings.do(item)));
    await turn();
    letGo();

    expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(alone).toEqual([1, 2, 3]);
  });

  it('fail all together where the database is away: it may have committed', async () => {
    const { doublings, alone, letGo } = doubling({ fails: () => true, error: new ConnectError('unavailable') });

    const results = Promise.allSettled([1, 2].map((item) => doublings.do(item)));
    await turn();
    letGo();

    expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(alone).toEqual([]);
  });
});
