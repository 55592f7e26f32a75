import { describe, expect, it } from '@jest/globals';
import { retryDelayMs } from './retry-delay.js';

describe('the wait before another try', () => {
  it('doubles from a second to five minutes, half of it jitter', () => {
    expect([0, 1, 2, 20].map((attempts) => retryDelayMs({ code: 'provider_unavailable', retryAfterMs: undefined }, attempts, () => 1))).toEqual([1_000, 2_000, 4_000, 300_000]);
    expect(retryDelayMs({ code: 'provider_unavailable', retryAfterMs: undefined }, 2, () => 0)).toBe(2_000);
  });

  it('is never shorter than the provider says', () => {
    expect(retryDelayMs({ code: 'rate_limited', retryAfterMs: 30_000 }, 0, () => 0)).toBe(30_000);
  });

  it('is short after a race that was lost, unless it is lost again and again', () => {
    expect(retryDelayMs({ code: 'zone_changed', retryAfterMs: undefined }, 0, () => 1)).toBe(100);
    expect(retryDelayMs({ code: 'zone_changed', retryAfterMs: undefined }, 6, () => 1)).toBe(64_000);
  });
});
