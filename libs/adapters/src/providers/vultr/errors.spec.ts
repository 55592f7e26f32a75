import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { httpAnswer } from '../../conformance/index.js';
import { errorOf } from './errors.js';

const Refusals = z.object({ answers: z.array(z.object({ meaning: z.string(), body: z.object({ error: z.string(), status: z.number() }) })) });
const { answers } = Refusals.parse(JSON.parse(readFileSync(new URL('./__fixtures__/refusals.json', import.meta.url), 'utf8')));
const now = new Date('2026-11-25T12:00:00Z');
const of = (status: number, write: boolean, headers: Record<string, string> = {}, text = '{}') => errorOf(httpAnswer({ status, headers, text }), { write, now });

it.each(answers)('$body.status is $meaning: $body.error', ({ meaning, body }) => {
  const error = of(body.status, true, {}, JSON.stringify(body));
  expect(error.code).toBe(meaning);
  expect(error.detail).not.toContain('203.0.113.7');
});

it.each([500, 502, 503, 504])('a write answered with %i may have happened, a read is tried later', (status) => {
  expect([of(status, true).code, of(status, false).code]).toEqual(['outcome_unknown', 'provider_unavailable']);
});

it('a rate limit without a time is one of a second', () => {
  expect([of(429, false).retryAfterMs, of(429, false, { 'retry-after': '7' }).retryAfterMs]).toEqual([1_000, 7_000]);
});
