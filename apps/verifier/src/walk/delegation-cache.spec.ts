import { describe, expect, it } from '@jest/globals';
import { movableClock, ownerName } from '@connect/domain';
import type { Delegation } from './delegation.js';
import { DelegationCache } from './delegation-cache.js';

const root: Delegation = { zone: ownerName('.'), nameServers: [], leftOut: 0, isWhole: true, ttlSeconds: 3_600, from: 'settings' };
const chainTo = (zone: string, ttlSeconds = 300): Delegation[] => [root, { zone: ownerName(zone), nameServers: [], leftOut: 0, isWhole: true, ttlSeconds, from: '192.0.2.1' }];

describe('the memory of delegations', () => {
  it('lasts for the TTL, at least two seconds and at most five minutes', () => {
    const clock = movableClock();
    const cache = new DelegationCache(clock);
    cache.remember(chainTo('short.test.', 0));
    cache.remember(chainTo('long.test.', 86_400));

    clock.advance(1_999);
    expect(cache.deepest(ownerName('www.short.test'))).not.toBeNull();
    clock.advance(1);
    expect(cache.deepest(ownerName('www.short.test'))).toBeNull();
    clock.advance(297_999);
    expect(cache.deepest(ownerName('www.long.test'))).not.toBeNull();
    clock.advance(1);
    expect(cache.deepest(ownerName('www.long.test'))).toBeNull();
  });

  it('holds no more than so many, and lets go what is over without being asked for it', () => {
    const clock = movableClock();
    const cache = new DelegationCache(clock);
    for (let i = 0; i < 30_000; i++) cache.rememberWalk(ownerName(`n${i}.test`), { outcome: 'found', chain: chainTo('test.') });

    expect([cache.settled(ownerName('n0.test')), cache.size]).toEqual([null, 20_000]);

    clock.advance(300_000);
    cache.rememberWalk(ownerName('new.test'), { outcome: 'found', chain: chainTo('test.') });

    expect(cache.size).toBe(1);
  });
});
