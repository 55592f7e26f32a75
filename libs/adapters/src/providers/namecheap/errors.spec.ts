import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseXml, type XmlElement } from '../../base/index.js';
import { errorOf, statusErrorOf } from './errors.js';

type Documented = { answers: { number: string; text: string; read: string; write: string }[] };
const documented = JSON.parse(readFileSync(new URL('./__fixtures__/errors.json', import.meta.url), 'utf8')) as Documented;
const now = new Date('2026-11-25T12:00:00Z');
const response = (number: string, text: string): XmlElement => parseXml(`<ApiResponse Status="ERROR" xmlns="https://api.namecheap.com/xml.response"><Errors><Error Number="${number}">${text}</Error></Errors></ApiResponse>`);
const status = (code: number, headers: Record<string, string> = {}): Parameters<typeof statusErrorOf>[0] => ({ status: code, headers, text: '', json: () => null });

describe('errors of Namecheap', () => {
  it.each(documented.answers)('$number means $read to a read and $write to a write', ({ number, text, read, write }) => {
    expect(errorOf(response(number, text), { write: false }).code).toBe(read);
    expect(errorOf(response(number, text), { write: true }).code).toBe(write);
  });

  it.each(['1050900', '5019169', '5050169'])('%s is a failure of their servers, whatever its text', (number) => {
    expect(errorOf(response(number, ''), { write: false }).code).toBe('provider_unavailable');
    expect(errorOf(response(number, ''), { write: true }).code).toBe('outcome_unknown');
  });

  it('shows the address that they saw, for the allow-list, and nothing else of their text', () => {
    const error = errorOf(response('1011150', 'Invalid request IP: 203.0.113.7 key 0123456789abcdef'), { write: false });

    expect(error.detail).toContain('203.0.113.7');
    expect(error.detail).not.toContain('0123456789abcdef');
  });

  it('takes 405 for their rate limit, which says nothing of when, and waits a minute', () => {
    expect(statusErrorOf(status(405), { write: true, now })).toMatchObject({ code: 'rate_limited', retryAfterMs: 60_000 });
    expect(statusErrorOf(status(429, { 'retry-after': '7' }), { write: true, now })).toMatchObject({ code: 'rate_limited', retryAfterMs: 7_000 });
  });

  it('takes a failed server for an unknown outcome of a write, and for an outage of a read', () => {
    expect(statusErrorOf(status(502), { write: true, now })?.code).toBe('outcome_unknown');
    expect(statusErrorOf(status(502), { write: false, now })?.code).toBe('provider_unavailable');
    expect(statusErrorOf(status(200), { write: true, now })).toBeNull();
  });

  it('names an unknown number, and quotes no text', () => {
    const error = errorOf(response('2050900', 'secret'), { write: true });

    expect([error.code, error.detail]).toEqual(['record_invalid', 'their error 2050900']);
    expect(errorOf(response('not a number', 'x'), { write: false })).toMatchObject({ code: 'provider_protocol', detail: 'an error without a number' });
  });
});
