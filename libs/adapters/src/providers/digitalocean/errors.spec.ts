import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { httpAnswer } from '../../conformance/index.js';
import { errorOf } from './errors.js';

const refusals = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(new URL('./__fixtures__/refusals.json', import.meta.url), 'utf8')));
const now = new Date('2026-11-25T12:00:00Z');
const of = (status: number, write: boolean, headers: Record<string, string> = {}, text = JSON.stringify(refusals[String(status)] ?? {})) => errorOf(httpAnswer({ status, headers, text }), { write, now });

it.each([[401, 'rejected_credential'], [403, 'missing_permission'], [404, 'zone_not_found'], [422, 'record_conflict'], [429, 'rate_limited'], [400, 'record_invalid'], [409, 'zone_changed'], [500, 'outcome_unknown'], [502, 'outcome_unknown'], [504, 'outcome_unknown']])('a write answered with %i is %s', (status, code) => {
  expect(of(status, true).code).toBe(code);
});

it('a write answered with 503 may have happened: repeating it made 1,500 copies elsewhere', () => {
  expect(of(503, true).code).toBe('outcome_unknown');
  expect(of(503, false).code).toBe('provider_unavailable');
});

it('a 422 without a known text is about the record', () => {
  expect(of(422, true, {}, '{"id":"unprocessable_entity","message":"Data needs to end with a dot (.)"}').code).toBe('record_invalid');
});

it('a rate limit says when: retry-after of the minute, ratelimit-reset of the hour', () => {
  expect(of(429, false, { 'retry-after': '7', 'ratelimit-reset': '1' }).retryAfterMs).toBe(7_000);
  expect(of(429, false, { 'ratelimit-reset': String(now.getTime() / 1000 + 90) }).retryAfterMs).toBe(90_000);
  expect(of(429, false).retryAfterMs).toBeUndefined();
});
