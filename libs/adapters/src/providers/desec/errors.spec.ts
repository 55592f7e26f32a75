import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { httpAnswer } from '../../conformance/index.js';
import { errorOf, refusalsOf } from './errors.js';

type Documented = { answers: { status: number; meaning: string; body: unknown }[]; items: { meaning: string | null; item: unknown }[] };
const documented = JSON.parse(readFileSync(new URL('./__fixtures__/errors.json', import.meta.url), 'utf8')) as Documented;
const now = new Date('2026-11-25T12:00:00Z');
const answer = (status: number, body: unknown, headers: Record<string, string> = {}): Parameters<typeof errorOf>[0] => httpAnswer({ status, headers, text: JSON.stringify(body) });

describe('errors of deSEC', () => {
  it.each(documented.answers)('$status means $meaning', ({ status, meaning, body }) => {
    expect(errorOf(answer(status, body), { write: true, now }).code).toBe(meaning);
  });

  it('says when to come again, from the header or else from the text', () => {
    const body = { detail: 'Request was throttled. Expected available in 2800 seconds.' };

    expect(errorOf(answer(429, body, { 'retry-after': '2801' }), { write: true, now }).retryAfterMs).toBe(2_801_000);
    expect(errorOf(answer(429, body), { write: true, now }).retryAfterMs).toBe(2_800_000);
  });

  it('a failed name server is unknown to a write and unavailable to a read', () => {
    expect(errorOf(answer(500, {}), { write: true, now }).code).toBe('outcome_unknown');
    expect(errorOf(answer(500, {}), { write: false, now }).code).toBe('provider_unavailable');
  });

  it('of a bulk request are read item by item', () => {
    const refusals = refusalsOf(answer(400, documented.items.map(({ item }) => item)), documented.items.length);

    expect(refusals?.map((error) => error?.code ?? null)).toEqual(documented.items.map(({ meaning }) => meaning));
  });

  it('that fit no bulk request are no refusal of items', () => {
    expect(refusalsOf(answer(400, { detail: 'JSON parse error' }), 1)).toBeNull();
    expect(refusalsOf(answer(400, [{}]), 1)).toBeNull();
    expect(refusalsOf(answer(400, [{ ttl: ['x'] }]), 2)).toBeNull();
  });

  it('quote no text of theirs', () => {
    const [refusal] = refusalsOf(answer(400, [{ 'c4nary field': ['c4nary'], records: ['c4nary'] }]), 1)!;

    expect(refusal!.detail).toBe('they refuse the field records');
  });
});
