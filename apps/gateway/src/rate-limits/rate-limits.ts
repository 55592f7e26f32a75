import ipaddr from 'ipaddr.js';
import { ConnectError, type Clock } from '@connect/domain';
import { TokenBuckets } from './token-buckets.js';

/** Requests a minute; 0 turns a limit off. */
export type RateLimitSettings = { perKey: number; unknownKeys: number };
export type RateLimitHeaders = { 'ratelimit-policy': string; ratelimit: string };

const windowSeconds = 60;

/**
 * How much may be asked, counted in this process (docs/adr/0009-rate-limits.md). The headers are those of draft-ietf-httpapi-ratelimit-headers-11 (2026-05-23): `t` is the time in which
 * no more than `r` requests are let in, here until the next one is added, and so never longer than Retry-After.
 */
export class RateLimits {
  private readonly ofKeys: TokenBuckets | null;
  private readonly ofStrangers: TokenBuckets | null;

  constructor({ perKey, unknownKeys }: RateLimitSettings, clock: Clock) {
    this.ofKeys = perKey === 0 ? null : new TokenBuckets(perKey, clock);
    this.ofStrangers = unknownKeys === 0 ? null : new TokenBuckets(unknownKeys, clock);
  }

  /** Counts a request of a known key and gives the headers for its answer to `tell`. Throws `too_many_requests`. */
  countKey(keyId: string, tell: (headers: RateLimitHeaders) => void): void {
    if (this.ofKeys === null) return;
    const taken = this.ofKeys.take(keyId);
    const { left, nextMs } = taken ?? this.ofKeys.level(keyId);
    tell({ 'ratelimit-policy': `"key";q=${this.ofKeys.perMinute};w=${windowSeconds}`, ratelimit: `"key";r=${left};t=${Math.max(1, Math.ceil(nextMs / 1000))}` });
    if (taken === null) throw new ConnectError('too_many_requests', { detail: `at most ${this.ofKeys.perMinute} requests a minute with one key`, retryAfterMs: nextMs });
  }

  /** May a key that we have not seen be looked for? Throws `too_many_requests` where too many wrong ones came from the address. */
  admitUnknownKey(address: string): void {
    const level = this.ofStrangers?.level(networkOf(address));
    if (level !== undefined && level.left === 0) throw new ConnectError('too_many_requests', { detail: 'too many requests without a valid key from this address', retryAfterMs: level.nextMs });
  }

  countUnknownKey(address: string): void {
    this.ofStrangers?.take(networkOf(address));
  }
}

/** An IPv6 customer has at least a /64, so its addresses count as one (RFC 6177). */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).map((part) => part.toString(16)).join(':') : parsed.toString();
}
