import { describe, expect, it } from '@jest/globals';
import { networkOf, RateLimits, type RateLimitHeaders } from './rate-limits.js';

const clock = { now: () => new Date(0), monotonicMs: () => 0 };

function told(limits: RateLimits): RateLimitHeaders[] {
  const all: RateLimitHeaders[] = [];
  limits.countKey('key_1', (headers) => all.push(headers));
  return all;
}

describe('the limit of a key', () => {
  it('is told with each answer, and no longer a wait than Retry-After when it is reached', () => {
    const limits = new RateLimits({ perKey: 2, unknownKeys: 0 }, clock);
    const refused: RateLimitHeaders[] = [];

    expect(told(limits)).toEqual([{ 'ratelimit-policy': '"key";q=2;w=60', ratelimit: '"key";r=1;t=30' }]);
    told(limits);
    expect(() => limits.countKey('key_1', (headers) => refused.push(headers))).toThrow(expect.objectContaining({ code: 'too_many_requests', retryAfterMs: 30_000 }));
    expect(refused).toEqual([{ 'ratelimit-policy': '"key";q=2;w=60', ratelimit: '"key";r=0;t=30' }]);
  });

  it('that is 0 is none, and nothing is told', () => {
    const limits = new RateLimits({ perKey: 0, unknownKeys: 0 }, clock);

    expect(told(limits)).toEqual([]);
    limits.countUnknownKey('192.0.2.1');
    expect(() => limits.admitUnknownKey('192.0.2.1')).not.toThrow();
  });
});

describe('unknown keys', () => {
  it('are limited by where they come from', () => {
    const limits = new RateLimits({ perKey: 0, unknownKeys: 1 }, clock);
    limits.countUnknownKey('192.0.2.1');

    expect(() => limits.admitUnknownKey('::ffff:192.0.2.1')).toThrow(expect.objectContaining({ code: 'too_many_requests', retryAfterMs: 60_000 }));
    expect(() => limits.admitUnknownKey('192.0.2.2')).not.toThrow();
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'], ['::ffff:192.0.2.1', '192.0.2.1'], ['2001:db8:1:2::1', '2001:db8:1:2'], ['2001:db8:1:2:ffff::9', '2001:db8:1:2'], ['2001:db8:1:3::1', '2001:db8:1:3'], ['somewhere', 'somewhere'],
  ])('from %s count for %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
