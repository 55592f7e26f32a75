import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { httpAnswer } from '../../conformance/index.js';
import { errorOf } from './errors.js';

type Documented = { answers: { status: number; meaning: string; body: unknown }[] };
const documented = JSON.parse(readFileSync(new URL('./__fixtures__/errors.json', import.meta.url), 'utf8')) as Documented;
const now = new Date('2026-11-25T12:00:00Z');
const answer = (status: number, body: unknown, headers: Record<string, string> = {}): Parameters<typeof errorOf>[0] => httpAnswer({ status, headers, text: JSON.stringify(body) });

describe('errors of Gandi', () => {
  it.each(documented.answers)('$status means $meaning', ({ status, meaning, body }) => {
    expect(errorOf(answer(status, body), { write: true, now }).code).toBe(meaning);
  });

  it('says when to come again where the answer does', () => {
    expect(errorOf(answer(429, {}, { 'retry-after': '30' }), { write: false, now }).retryAfterMs).toBe(30_000);
    expect(errorOf(answer(429, {}), { write: false, now }).retryAfterMs).toBeUndefined();
  });

  it('a failure of their server is unknown to a write and unavailable to a read', () => {
    expect(errorOf(answer(502, ''), { write: true, now }).code).toBe('outcome_unknown');
    expect(errorOf(answer(502, ''), { write: false, now }).code).toBe('provider_unavailable');
  });

  it('names fields and quotes no text of theirs', () => {
    const error = errorOf(answer(400, { status: 'error', errors: [{ location: 'body', name: 'rrset_values', description: 'c4nary' }, { location: 'body', name: 'c4nary field', description: null }] }), { write: true, now });

    expect(error).toMatchObject({ code: 'record_invalid', detail: 'they refuse the record: rrset_values' });
  });
});
