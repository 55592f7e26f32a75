import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '@connect/domain';
import { decideTelling, standingKeys, type Known } from './decide-telling.js';
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
  type Seen = Verdict | { verdict: Verdict; standing: string[] };
  /** Which of the looks are told, and after which the next comes soon. */
  function told(before: Verdict | null, ...looks: Seen[]): string[] {
    let known: Known = { verdict: before, isDoubted: false, told: [] };
    return looks.map((look) => {
      const { verdict, standing } = typeof look === 'string' ? { verdict: look, standing: standingKeys(look, []) } : look;
      const { isTold, isLookedAtSoon, ...held } = decideTelling(known, verdict, standing);
      known = { ...held, told: isTold ? standing : known.told };
      return [isTold ? 'told' : 'kept', ...(isLookedAtSoon ? ['soon'] : [])].join(', ');
    });
  }

  it('is told when it changes, and once after each command', () => {
    expect(told(null, 'absent', 'absent', 'published')).toEqual(['told', 'kept', 'told']);
  });

  it('that leaves `published` is doubted first and told when the second look says so, too', () => {
    expect(told('published', 'partial', 'absent')).toEqual(['kept, soon', 'told']);
    expect(told('published', 'partial', 'published', 'partial')).toEqual(['kept, soon', 'kept', 'kept, soon']);
  });

  it('of nothing heard is told beside `published` and is no look at a difference, nor the end of a doubt', () => {
    expect(told('published', 'unknown', 'unknown', 'partial', 'partial')).toEqual(['told, soon', 'kept', 'kept, soon', 'told']);
    expect(told('published', 'unknown', 'published', 'partial')).toEqual(['told, soon', 'told', 'kept, soon']);
    expect(told('published', 'partial', 'unknown', 'partial')).toEqual(['kept, soon', 'told, soon', 'told']);
    expect(told(null, 'unknown', 'unknown', 'partial')).toEqual(['told', 'kept', 'told']);
  });

  it('that stays is told again when something new stands beside it, and when that has gone', () => {
    const bogus = { verdict: 'published', standing: ['dnssec_bogus shop.example.com. A'] } as const satisfies Seen;
    const shadowed = { verdict: 'published', standing: [...bogus.standing, 'wildcard_shadow shop.example.com. A'] } as const satisfies Seen;

    expect(told('published', bogus, bogus, shadowed, bogus, 'published')).toEqual(['told', 'kept', 'told', 'told', 'told']);
  });
});

describe('the end of what resolvers remember', () => {
  it('is that of the first one which forgets, with a little time to spare, where any of them says', () => {
    expect(untilForgottenMs([{ secondsLeft: 30 }, { secondsLeft: 4 }, { secondsLeft: null }])).toBe(4_500);
    expect(untilForgottenMs([{ secondsLeft: null }])).toBeNull();
  });
});
