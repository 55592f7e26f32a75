import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { httpAnswer } from '../../conformance/index.js';
import { errorOf, type About } from './errors.js';

const Refusals = z.object({ answers: z.array(z.object({ status: z.number(), about: z.enum(['account', 'zone', 'write']), meaning: z.string(), body: z.unknown(), says: z.string().optional() })) });
const { answers } = Refusals.parse(JSON.parse(readFileSync(new URL('./__fixtures__/refusals.json', import.meta.url), 'utf8')));
const now = new Date('2026-11-25T12:00:00Z');
const of = (status: number, about: About, body: unknown = '', headers: Record<string, string> = {}) => errorOf(httpAnswer({ status, headers, text: JSON.stringify(body) }), { about, now });

it.each(answers)('$status of a call about $about is $meaning: $body', ({ status, about, meaning, body, says }) => {
  const error = of(status, about, body);

  expect(error.code).toBe(meaning);
  if (says !== undefined) expect(error.detail).toContain(says);
  expect(error.detail).not.toContain('secret-of-somebody');
});

it('only words that are known are repeated of a refusal', () => {
  expect(of(400, 'write', [{ code: 'x.y', parameters: { invalidFields: ['c4nary', 'TOKEN'] } }]).detail).toBe('IONOS refuses the record');
});

it('a refusal that is no JSON is judged by its status', () => {
  expect(errorOf(httpAnswer({ status: 400, text: '<html>' }), { about: 'write', now }).code).toBe('record_invalid');
});

it.each([500, 502, 504])('a write answered with %i may have happened, a read is tried later', (status) => {
  expect([of(status, 'write').code, of(status, 'zone').code]).toEqual(['outcome_unknown', 'provider_unavailable']);
});

it('a rate limit without a time is one of a minute', () => {
  expect([of(429, 'zone').retryAfterMs, of(429, 'zone', '', { 'retry-after': '7' }).retryAfterMs]).toEqual([60_000, 7_000]);
});
