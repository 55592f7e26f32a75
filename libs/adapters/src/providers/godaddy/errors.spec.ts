import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { httpAnswer } from '../../conformance/index.js';
import { errorOf } from './errors.js';

const Kind = z.enum(['key', 'token']);
const { answers } = z.object({ answers: z.array(z.object({ kind: Kind, status: z.number(), meaning: z.string(), body: z.looseObject({}) })) })
  .parse(JSON.parse(readFileSync(new URL('./__fixtures__/refusals.json', import.meta.url), 'utf8')));
const now = new Date('2026-11-25T12:00:00Z');
const denied = JSON.stringify({ code: 'ACCESS_DENIED', message: 'Authenticated user is not allowed access' });
const waits = (text: string, headers: Record<string, string> = {}, status = 429): number | undefined => errorOf(httpAnswer({ status, headers, text }), { kind: 'key', write: false, now }).retryAfterMs;

it.each(answers)('a write with a $kind answered with $status, $body, is $meaning', ({ kind, status, meaning, body }) => {
  expect(errorOf(httpAnswer({ status, text: JSON.stringify(body) }), { kind, write: true, now }).code).toBe(meaning);
});

it.each([
  ['a key: it has no scopes, so it is the account', 'key', false, denied, 'account_not_eligible', 'Domain Connect'],
  ['a token that has read: it lacks the scope to write', 'token', true, denied, 'missing_permission', 'domains.dns:update'],
  ['a token that reads, in the words of the gate', 'token', false, denied, 'account_not_eligible', 'domains.domain:read'],
  ['a token that reads, in words about a scope', 'token', false, '{"name":"ACCESS_DENIED","message":"Insufficient scope"}', 'missing_permission', 'domains.domain:read'],
  ['a token that reads, without a word', 'token', false, '', 'missing_permission', 'Domain Connect'],
] as const)('403 to %s', (_, kind, write, text, code, says) => {
  expect(errorOf(httpAnswer({ status: 403, text }), { kind, write, now })).toMatchObject({ code, detail: expect.stringContaining(says) });
});

it('401 to a write with a token that has just read is its scope, and one to a reading is the token', () => {
  const codeOf = (write: boolean): string => errorOf(httpAnswer({ status: 401, text: '' }), { kind: 'token', write, now }).code;
  expect([codeOf(true), codeOf(false)]).toEqual(['missing_permission', 'rejected_credential']);
});

it('401 names what a key and what a token may lack', () => {
  const detailOf = (kind: z.infer<typeof Kind>): string | undefined => errorOf(httpAnswer({ status: 401, text: '' }), { kind, write: false, now }).detail;
  expect([detailOf('key'), detailOf('token')]).toEqual([expect.stringContaining('Production'), expect.stringContaining('domains.domain:read')]);
});

it('a rate limit says when: in a header, in the body of v1, and else after a minute, or an hour where the month is used up', () => {
  expect([waits('{}', { 'retry-after': '7' }), waits('{"retryAfterSec":30}'), waits('{}', { 'ratelimit-reset': '12' }), waits('{}'), waits('{"code":"QUOTA_EXCEEDED"}')]).toEqual([7_000, 30_000, 12_000, 60_000, 3_600_000]);
});

it('a domain that is being edited is tried again in a few seconds', () => {
  expect(waits('{"code":"CONFLICTING_STATUS"}', {}, 409)).toBe(10_000);
});

it('shows their codes and never their texts', () => {
  const { detail } = errorOf(httpAnswer({ status: 422, text: JSON.stringify({ code: 'INVALID_BODY', message: 'value hidden-word', fields: [{ code: 'INVALID_VALUE', message: 'hidden-word', path: 'records[0].data' }] }) }), { kind: 'key', write: true, now });
  expect(detail).toBe('GoDaddy refuses the record: INVALID_BODY, INVALID_VALUE');
});
