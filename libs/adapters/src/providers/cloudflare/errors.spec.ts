import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { codesOf, errorOf } from './errors.js';

type Documented = { answers: { status: number; meaning: string; body: unknown }[] };
const documented = JSON.parse(readFileSync(new URL('./__fixtures__/errors.json', import.meta.url), 'utf8')) as Documented;
const now = new Date('2026-11-25T12:00:00Z');
const answer = (status: number, text: string, headers: Record<string, string> = {}): Parameters<typeof errorOf>[0] => ({ status, headers, text, json: () => JSON.parse(text) as unknown });

describe('errors of Cloudflare', () => {
  it.each(documented.answers.map(({ status, meaning, body }) => [status, meaning, JSON.stringify(body)] as const))('%i means %s', (status, meaning, text) => {
    expect(errorOf(answer(status, text), { write: true, now }).code).toBe(meaning);
  });

  it('reads the root cause before what wraps it', () => {
    expect(codesOf(answer(400, JSON.stringify({ success: false, errors: [{ code: 1004, error_chain: [{ code: 81053 }] }] })))).toEqual([81053, 1004]);
    expect(errorOf(answer(400, JSON.stringify({ success: false, errors: [{ code: 1004, error_chain: [{ code: 81053 }] }] })), { write: true, now }).code).toBe('record_conflict');
  });

  it('takes the wait from Retry-After, and else from the Ratelimit header', () => {
    expect(errorOf(answer(429, '{}', { 'retry-after': '42', ratelimit: '"default";r=0;t=30' }), { write: false, now })).toMatchObject({ code: 'rate_limited', retryAfterMs: 42_000 });
    expect(errorOf(answer(429, '{}', { ratelimit: '"default";r=0;t=30' }), { write: false, now })).toMatchObject({ code: 'rate_limited', retryAfterMs: 30_000 });
  });

  it.each([500, 502, 520, 524, 530])('%i to a write is unknown, to a read unavailable', (status) => {
    expect(errorOf(answer(status, '<html>'), { write: true, now }).code).toBe('outcome_unknown');
    expect(errorOf(answer(status, '<html>'), { write: false, now }).code).toBe('provider_unavailable');
  });

  it('takes a page of the firewall for an outage, not for a missing permission', () => {
    expect(errorOf(answer(403, '<!DOCTYPE html><title>Just a moment...</title>'), { write: true, now }).code).toBe('provider_unavailable');
  });

  it('matches numbers only, and quotes no text of theirs', () => {
    const error = errorOf(answer(400, JSON.stringify({ success: false, errors: [{ code: 424242, message: 'cfut_secret token 429' }] })), { write: true, now });

    expect(error.code).toBe('record_invalid');
    expect(`${error.message} ${error.detail}`).not.toContain('cfut_');
    expect(error.detail).toContain('424242');
  });
});
