import { beforeEach, describe, expect, it } from '@jest/globals';
import { TokenBuckets } from './token-buckets.js';

let nowMs: number;
let buckets: TokenBuckets;
beforeEach(() => {
  nowMs = 1_000;
  buckets = new TokenBuckets(60, { now: () => new Date(nowMs), monotonicMs: () => nowMs });
});
const taken = (count: number, name = 'key'): boolean[] => Array.from({ length: count }, () => buckets.take(name) !== null);

describe('a bucket', () => {
  it('lets a burst of a minute pass at once, then nothing', () => {
    expect(taken(60)).not.toContain(false);
    expect(buckets.take('key')).toBeNull();
    expect(buckets.level('key')).toEqual({ left: 0, nextMs: 1_000 });
  });

  it('is filled evenly, and never above its size', () => {
    taken(60);

    nowMs += 1_500;
    expect(buckets.level('key')).toEqual({ left: 1, nextMs: 500 });
    nowMs += 3_600_000;
    expect(buckets.level('key')).toEqual({ left: 60, nextMs: 0 });
  });

  it('loses nothing when it is asked more often than it is filled', () => {
    taken(60);

    for (let index = 0; index < 10; index++) {
      nowMs += 100;
      buckets.level('key');
    }

    expect(taken(2)).toEqual([true, false]);
  });

  it('is one for each name', () => {
    taken(60);

    expect(taken(1, 'another key')).toEqual([true]);
  });

  it('that is used is kept while thousands of others come and go', () => {
    taken(59);
    for (let index = 0; index < 20_000; index++) {
      buckets.take(`address ${index}`);
      if (index === 5_000) buckets.take('key');
      if (index === 12_000) expect(buckets.take('key')).toBeNull();
    }
  });
});
