import { describe, expect, it } from '@jest/globals';
import { backoffMs } from './backoff.js';

describe('the wait before the next delivery', () => {
  it.each([['now', 1, 25, 51], ['now', 4, 200, 401], ['now', 30, 2_500, 5_001], ['later', 1, 250, 501], ['later', 3, 1_000, 2_001], ['later', 1_000_000, 30_000, 60_001]] as const)('for "%s" after delivery %i lies between %i and %i ms', (retry, deliveries, least, most) => {
    const drawn = Array.from({ length: 200 }, () => backoffMs(retry, deliveries));

    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(least);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(most);
    expect(new Set(drawn).size).toBeGreaterThan(5);
  });
});
