import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { httpAnswer } from '../../conformance/index.js';
import { errorOf, isDuplicate } from './errors.js';

const refusals = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(new URL('./__fixtures__/refusals.json', import.meta.url), 'utf8')));
const now = new Date('2026-11-25T12:00:00Z');
const of = (status: number, write: boolean, headers: Record<string, string> = {}, text = JSON.stringify(refusals[String(status)] ?? {})) => errorOf(httpAnswer({ status, headers, text }), { write, now });
const named = (name: string) => of(400, true, {}, JSON.stringify(refusals[name]));

it.each([[400, 'record_invalid'], [401, 'rejected_credential'], [402, 'account_not_eligible'], [403, 'missing_permission'], [404, 'zone_not_found'], [412, 'account_not_eligible'], [429, 'rate_limited'], [500, 'outcome_unknown'], [502, 'outcome_unknown'], [503, 'provider_unavailable'], [504, 'outcome_unknown']])('a write answered with %i is %s', (status, code) => {
  expect(of(status, true).code).toBe(code);
});

it('a CNAME beside other records is a conflict, whichever came first', () => {
  expect(named('cnameBesideOthers').code).toBe('record_conflict');
  expect(named('othersBesideCname').code).toBe('record_conflict');
});

it.each(['duplicate', 'duplicateAsSeen'])('what is there already is told apart in both wordings: %s', (name) => {
  expect(isDuplicate({ status: 400, text: JSON.stringify(refusals[name]) })).toBe(true);
  expect(named(name).code).toBe('zone_changed');
  expect(isDuplicate({ status: 400, text: JSON.stringify(refusals['400']) })).toBe(false);
});

it('names the fields that they refuse, and nothing that stands in them', () => {
  expect(of(400, true).detail).toBe('DNSimple refuses it for its content, ttl');
  expect(of(400, true, {}, '{"message":"Validation failed","errors":{"content":["192.0.2.300 is not an address"]}}').detail).not.toContain('192.0.2.300');
});

it('names the right that a token lacks', () => {
  expect(of(403, false).detail).toBe('the token lacks the right "zones, read"');
  expect(of(403, true, {}, '{"message":"Permission Denied. Required Scope: zones:example.com:write"}').detail).toBe('the token lacks the right "zones, write"');
  expect(of(403, false, {}, '{"message":"Permission Denied. Required Scope: something else"}').detail).toBe('the token lacks a right');
});

it('a full zone is one', () => {
  expect(of(400, true, {}, '{"message":"Zone record limit reached"}').code).toBe('zone_full');
});

it('a rate limit says when: the header of the hour', () => {
  expect(of(429, false, { 'x-ratelimit-reset': String(now.getTime() / 1000 + 90) }).retryAfterMs).toBe(90_000);
  expect(of(429, false, { 'retry-after': '7', 'x-ratelimit-reset': '1' }).retryAfterMs).toBe(7_000);
  expect(of(429, false).retryAfterMs).toBeUndefined();
});
