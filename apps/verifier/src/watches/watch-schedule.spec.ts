import { describe, expect, it } from '@jest/globals';
import { decideTelling } from './decide-telling.js';
import { nextLookInMs, untilForgottenMs } from './schedule.js';

describe('the next look', () => {
  it('comes within a second after a write, and ever later afterwards', () => {
    expect([0, 19_999, 20_000, 119_999, 120_000, 599_999].map((age) => nextLookInMs(age, 300, true))).toEqual([500, 500, 2_000, 2_000, 5_000, 5_000]);
  });

  it('follows the TTL outside the dense phase, at least a minute and at most an hour apart', () => {
    expect([5, 300, 86_400].map((ttl) => nextLookInMs(700_000, ttl, true))).toEqual([60_000, 300_000, 3_600_000]);
    expect(nextLookInMs(0, 300, false)).toBe(300_000);
  });
});

describe('a verdict', () => {
  it('is told when it changes, and once after each command', () => {
    expect(decideTelling({ verdict: null, isDoubted: false, told: [] }, 'absent', [])).toBe('tell');
    expect(decideTelling({ verdict: 'absent', isDoubted: false, told: [] }, 'absent', [])).toBe('same');
    expect(decideTelling({ verdict: 'absent', isDoubted: false, told: [] }, 'published', [])).toBe('tell');
  });

  it('that leaves `published` is doubted first and told when the second look says so, too', () => {
    expect(decideTelling({ verdict: 'published', isDoubted: false, told: [] }, 'partial', [])).toBe('doubt');
    expect(decideTelling({ verdict: 'published', isDoubted: true, told: [] }, 'absent', [])).toBe('tell');
    expect(decideTelling({ verdict: 'published', isDoubted: true, told: [] }, 'published', [])).toBe('same');
  });

  it('that stays is told again when something new stands beside it, and when that has gone', () => {
    const before = { verdict: 'published', isDoubted: false, told: ['dnssec_bogus shop.example.com. A'] } as const;

    expect(decideTelling(before, 'published', ['dnssec_bogus shop.example.com. A'])).toBe('same');
    expect(decideTelling(before, 'published', ['dnssec_bogus shop.example.com. A', 'wildcard_shadow shop.example.com. A'])).toBe('tell');
    expect(decideTelling(before, 'published', [])).toBe('tell');
  });
});

describe('the end of what resolvers remember', () => {
  it('is that of the first one which forgets, with a little time to spare, where any of them says', () => {
    expect(untilForgottenMs([{ secondsLeft: 30 }, { secondsLeft: 4 }, { secondsLeft: null }])).toBe(4_500);
    expect(untilForgottenMs([{ secondsLeft: null }])).toBeNull();
  });
});
