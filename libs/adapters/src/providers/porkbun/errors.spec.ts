import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { httpAnswer } from '../../conformance/index.js';
import { errorOf } from './errors.js';

const refusals = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(new URL('./__fixtures__/refusals.json', import.meta.url), 'utf8')));
const now = new Date('2026-11-25T12:00:00Z');
const of = (name: string, status = 400, write = true) => errorOf(httpAnswer({ status, text: JSON.stringify(refusals[name]) }), { write, now });

it.each([
  ['keys', 'rejected_credential'], ['keysOf2024', 'rejected_credential'], ['domain', 'zone_not_found'], ['domainOf2024', 'zone_not_found'], ['optIn', 'account_not_eligible'], ['address', 'address_not_allowed'], ['restricted', 'missing_permission'],
  ['duplicate', 'zone_changed'], ['createOf2024', 'record_conflict'], ['conflict', 'record_conflict'], ['spf', 'record_conflict'], ['full', 'zone_full'], ['running', 'outcome_unknown'], ['other', 'record_invalid'], ['rate', 'rate_limited'],
])('%s is %s, whatever the status', (name, code) => {
  expect(refusals[name]).toBeDefined();
  expect([of(name, 400).code, of(name, 200).code]).toEqual([code, code]);
});

it('a domain that is not opted in and one that is not there look alike, and the text says both', () => {
  expect(of('domain').detail).toBe('the domain is not in this account, or API Access is off for it');
});

it('a rate limit says when: Retry-After, or the seconds in the answer', () => {
  expect(of('rate', 429).retryAfterMs).toBe(2_000);
  expect(errorOf(httpAnswer({ status: 429, headers: { 'retry-after': '7' }, text: JSON.stringify(refusals['rate']) }), { write: true, now }).retryAfterMs).toBe(7_000);
});

it('the page of the proxy with 503 is a rate limit; other failures of a write may have happened', () => {
  const page = '<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n<body><center><h1>503</h1></center><hr><center>openresty</center></body></html>';
  expect(errorOf(httpAnswer({ status: 503, text: page }), { write: true, now }).code).toBe('rate_limited');
  expect(errorOf(httpAnswer({ status: 503, text: '' }), { write: false, now }).code).toBe('provider_unavailable');
  expect(errorOf(httpAnswer({ status: 502, text: page }), { write: true, now }).code).toBe('outcome_unknown');
});
