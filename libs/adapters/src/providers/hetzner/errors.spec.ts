import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { httpAnswer } from '../../conformance/index.js';
import { errorOf, errorOfAction } from './errors.js';

type Documented = { answers: { status: number; meaning: string; body: { error: { code: string } } }[] };
const documented = JSON.parse(readFileSync(new URL('./__fixtures__/errors.json', import.meta.url), 'utf8')) as Documented;
const now = new Date('2026-11-25T12:00:00Z');
const answer = (status: number, body: unknown, headers: Record<string, string> = {}): Parameters<typeof errorOf>[0] => httpAnswer({ status, headers, text: JSON.stringify(body) });

describe('errors of Hetzner', () => {
  it.each(documented.answers)('$status $body.error.code means $meaning', ({ status, meaning, body }) => {
    expect(errorOf(answer(status, body), { write: true, now }).code).toBe(meaning);
  });

  it('a spent budget is waited for a little: it refills by one call a second, and the header names the time when it is full', () => {
    expect(errorOf(answer(429, {}, { 'ratelimit-remaining': '0', 'ratelimit-reset': '1795609600' }), { write: false, now }).retryAfterMs).toBe(10_000);
    expect(errorOf(answer(429, {}, { 'retry-after': '3' }), { write: false, now }).retryAfterMs).toBe(3_000);
  });

  it('a failure of their server is unknown to a write and unavailable to a read', () => {
    expect(errorOf(answer(500, { error: { code: 'server_error' } }), { write: true, now }).code).toBe('outcome_unknown');
    expect(errorOf(answer(500, { error: { code: 'server_error' } }), { write: false, now }).code).toBe('provider_unavailable');
  });

  it('names fields and quotes no text of theirs', () => {
    const error = errorOf(answer(422, { error: { code: 'invalid_input', message: 'c4nary', details: { fields: [{ name: 'records[0].value', messages: ['c4nary'] }, { name: 'c4nary field', messages: [] }] } } }), { write: true, now });

    expect(error.detail).toBe('they refuse the record: records[0].value');
  });

  it('of an action are those of an answer, and of an unknown kind say that nobody knows how far it came', () => {
    expect(errorOfAction('conflict').code).toBe('zone_changed');
    expect(errorOfAction('action_failed').code).toBe('outcome_unknown');
    expect(errorOfAction(undefined).code).toBe('outcome_unknown');
  });
});
