import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { httpAnswer } from '../../conformance/index.js';
import { errorOf } from './errors.js';

const { answers } = z.object({ answers: z.array(z.object({ status: z.number(), meaning: z.string(), body: z.unknown() })) }).parse(JSON.parse(readFileSync(new URL('./__fixtures__/refusals.json', import.meta.url), 'utf8')));
const now = new Date('2026-11-25T12:00:00Z');
const limited = (headers: Record<string, string>): number | undefined => errorOf(httpAnswer({ status: 429, headers, text: '{}' }), { write: false, now }).retryAfterMs;

it.each(answers)('a write answered with $status is $meaning', ({ status, meaning, body }) => {
  expect(errorOf(httpAnswer({ status, text: JSON.stringify(body) }), { write: true, now }).code).toBe(meaning);
});

it.each([500, 503])('a read answered with %i is tried later', (status) => {
  expect(errorOf(httpAnswer({ status, text: '{"error":"undefined method"}' }), { write: false, now }).code).toBe('provider_unavailable');
});

it('a rate limit says when: x-ratelimit-reset holds the Unix time', () => {
  expect(limited({ 'x-ratelimit-reset': String(now.getTime() / 1000 + 42) })).toBe(42_000);
  expect(limited({ 'x-ratelimit-reset': '1' })).toBe(0);
  expect(limited({ 'retry-after': '7', 'x-ratelimit-reset': '1' })).toBe(7_000);
  expect(limited({})).toBeUndefined();
});
