import { describe, expect, it } from '@jest/globals';
import { toldLimits } from './told-limits.js';

const now = new Date('2026-01-01T00:00:00.000Z');
const unixSeconds = now.getTime() / 1000;

describe('what an answer tells of the budget', () => {
  it.each([
    ['a structured list with its policy', { 'ratelimit': '"default";r=50;t=30', 'ratelimit-policy': '"default";q=1200;w=300' }, [{ limit: 1200, windowSeconds: 300, remaining: 50, resetMs: 30_000 }]],
    ['several budgets in one list', { 'ratelimit': '"burst";r=1;t=1, "day";r=70', 'ratelimit-policy': '"day";q=100;w=86400, "burst";q=5;w=1' }, [{ limit: 5, windowSeconds: 1, remaining: 1, resetMs: 1_000 }, { limit: 100, windowSeconds: 86_400, remaining: 70, resetMs: null }]],
    ['the draft before that', { ratelimit: 'limit=100, remaining=50, reset=5' }, [{ limit: 100, windowSeconds: null, remaining: 50, resetMs: 5_000 }]],
    ['three headers and seconds', { 'ratelimit-limit': '100, 100;w=60', 'ratelimit-remaining': '0', 'ratelimit-reset': '12' }, [{ limit: 100, windowSeconds: 60, remaining: 0, resetMs: 12_000 }]],
    ['three headers and an instant', { 'x-ratelimit-limit': '2400', 'x-ratelimit-remaining': '2399', 'x-ratelimit-reset': `${unixSeconds + 3_600}` }, [{ limit: 2_400, windowSeconds: null, remaining: 2_399, resetMs: 3_600_000 }]],
    ['an instant that is over', { 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': `${unixSeconds - 5}` }, [{ limit: null, windowSeconds: null, remaining: 3, resetMs: 0 }]],
  ])('is read from %s', (_, headers, expected) => {
    expect(toldLimits(headers as Record<string, string>, now)).toEqual(expected);
  });

  it('is nothing where there are no such headers, or nobody can read them', () => {
    for (const headers of [{}, { 'ratelimit': 'soon' }, { 'x-ratelimit-remaining': 'many' }, { 'ratelimit-limit': '100' }]) expect(toldLimits(headers as Record<string, string>, now)).toEqual([]);
  });
});
