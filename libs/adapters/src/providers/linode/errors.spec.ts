import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { httpAnswer } from '../../conformance/index.js';
import { errorOf } from './errors.js';

const Refusals = z.object({ answers: z.array(z.object({ status: z.number(), headers: z.record(z.string(), z.string()), meaning: z.string(), body: z.unknown() })) });
const { answers } = Refusals.parse(JSON.parse(readFileSync(new URL('./__fixtures__/refusals.json', import.meta.url), 'utf8')));
const now = new Date('2026-11-25T12:00:00Z');
const of = (status: number, write: boolean, headers: Record<string, string> = {}, text = '{}') => errorOf(httpAnswer({ status, headers, text }), { write, now });

it.each(answers)('$status is $meaning: $body', ({ status, headers, meaning, body }) => {
  expect(of(status, true, headers, JSON.stringify(body)).code).toBe(meaning);
});

it.each([408, 500, 502, 503, 504])('a write answered with %i may have happened, a read is tried later', (status) => {
  expect([of(status, true).code, of(status, false).code]).toEqual(['outcome_unknown', 'provider_unavailable']);
});

it('400 with a page is not of the API', () => {
  const page = [{ 'content-type': 'text/html' }, '<html>400 Bad Request, nginx</html>'] as const;
  expect([of(400, true, ...page).code, of(400, false, ...page).code]).toEqual(['outcome_unknown', 'provider_unavailable']);
});

it('`Retry-After` stands on every answer, and says something with 429 and 503 only', () => {
  const headers = { 'retry-after': '60', 'x-ratelimit-reset': String(now.getTime() / 1000 + 90) };
  expect([429, 503, 500, 400].map((status) => of(status, false, headers).retryAfterMs)).toEqual([60_000, 60_000, undefined, undefined]);
  expect(of(429, false, { 'x-ratelimit-reset': headers['x-ratelimit-reset'] }).retryAfterMs).toBe(90_000);
});
