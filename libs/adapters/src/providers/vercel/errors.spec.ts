import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { httpAnswer } from '../../conformance/index.js';
import { errorOf } from './errors.js';

const refusals = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(new URL('./__fixtures__/refusals.json', import.meta.url), 'utf8')));
const now = new Date('2026-11-25T12:00:00Z');
const of = (status: number, name: string, headers: Record<string, string> = {}, write = true) => errorOf(httpAnswer({ status, headers, text: JSON.stringify(refusals[name] ?? {}) }), { write, now });

it.each([
  [403, 'badToken', 'rejected_credential'], [403, 'unwrapped', 'rejected_credential'], [401, 'none', 'rejected_credential'], [403, 'noPermission', 'missing_permission'], [402, 'none', 'account_not_eligible'], [404, 'noDomain', 'zone_not_found'],
  [409, 'conflict', 'record_conflict'], [400, 'conflict', 'record_conflict'], [400, 'tooMany', 'zone_full'], [400, 'rootNs', 'record_invalid'], [429, 'rate', 'rate_limited'], [500, 'none', 'outcome_unknown'], [503, 'none', 'provider_unavailable'],
])('a write answered with %i and %s is %s', (status, name, code) => {
  expect(of(status, name).code).toBe(code);
});

it('a read answered with 500 is tried later', () => {
  expect(of(500, 'none', {}, false).code).toBe('provider_unavailable');
});

it('a rate limit says when: Retry-After, the header of the window, or the answer', () => {
  expect(of(429, 'rate', { 'retry-after': '7', 'x-ratelimit-reset': '1' }).retryAfterMs).toBe(7_000);
  expect(of(429, 'none', { 'x-ratelimit-reset': String(now.getTime() / 1000 + 90) }).retryAfterMs).toBe(90_000);
  expect(errorOf(httpAnswer({ status: 429, text: JSON.stringify(refusals['rate']) }), { write: true, now: new Date(1_795_608_000_000) }).retryAfterMs).toBe(90_000);
  expect(of(429, 'none').retryAfterMs).toBeUndefined();
});
