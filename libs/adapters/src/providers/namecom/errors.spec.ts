import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { httpAnswer } from '../../conformance/index.js';
import { errorOf, isUnknownPath } from './errors.js';

const { answers } = z.object({ answers: z.array(z.object({ status: z.number(), meaning: z.string(), body: z.looseObject({ message: z.string() }) })) }).parse(JSON.parse(readFileSync(new URL('./__fixtures__/refusals.json', import.meta.url), 'utf8')));
const now = new Date('2026-11-25T12:00:00Z');
const limited = (headers: Record<string, string>): number | undefined => errorOf(httpAnswer({ status: 429, headers, text: '{"message":"Rate Limit Exceeded"}' }), { write: false, now }).retryAfterMs;

it.each(answers)('a write answered with $status, $body, is $meaning', ({ status, meaning, body }) => {
  expect(errorOf(httpAnswer({ status, text: JSON.stringify(body) }), { write: true, now }).code).toBe(meaning);
});

it('403 to a call about no domain is a login that is not accepted', () => {
  expect(errorOf(httpAnswer({ status: 403, text: '{"message":"Permission Denied"}' }), { write: false, account: true, now }).code).toBe('rejected_credential');
});

it('a path that is not served is told apart from a domain that is not there', () => {
  expect([isUnknownPath({ status: 404, text: '404 page not found' }), isUnknownPath({ status: 410, text: '' }), isUnknownPath({ status: 404, text: '{"message":"Not Found"}' }), isUnknownPath({ status: 500, text: '' })]).toEqual([true, true, false, false]);
});

it('a rate limit says when: x-ratelimit-reset holds the Unix time', () => {
  expect(limited({ 'x-ratelimit-reset': String(now.getTime() / 1000 + 900) })).toBe(900_000);
  expect(limited({ 'retry-after': '7', 'x-ratelimit-reset': '1' })).toBe(7_000);
  expect(limited({})).toBeUndefined();
});
