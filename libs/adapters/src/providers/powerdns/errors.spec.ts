import { describe, expect, it } from '@jest/globals';
import { httpAnswer } from '../../conformance/index.js';
import { errorOf } from './errors.js';

const now = new Date('2026-01-01T00:00:00Z');

describe('errors of PowerDNS', () => {
  // Texts observed on 4.7.3 in November 2026; 400, 403, 409, 429, 502, 503 and 504 come from what stands before the server, by the general rules.
  it.each([
    [401, 'Unauthorized', 'rejected_credential', 'rejected_credential'],
    [404, 'Not Found', 'zone_not_found', 'zone_not_found'],
    [405, 'Method Not Allowed', 'missing_permission', 'missing_permission'],
    [422, '{"error": "RRset www.example.test. IN CNAME: Conflicts with pre-existing RRset"}', 'record_conflict', 'record_conflict'],
    [422, '{"error": "RRset www.example.test. IN CNAME has more than one record"}', 'record_conflict', 'record_conflict'],
    [422, '{"error": "RRset www.example.test. IN FOO: unknown type given"}', 'unsupported', 'unsupported'],
    [422, '{"error": "RRset www.other.example.test. IN A: Name is out of zone"}', 'record_invalid', 'record_invalid'],
    [422, '{"error": "Record www.example.test./A \'x\': Parsing record content (try \'pdnsutil check-zone\'): …"}', 'record_invalid', 'record_invalid'],
    [400, 'www.example.test.', 'record_invalid', 'record_invalid'],
    [403, '<html>example.test', 'missing_permission', 'missing_permission'],
    [409, '<html>', 'zone_changed', 'zone_changed'],
    [429, '<html>', 'rate_limited', 'rate_limited'],
    [500, 'Internal Server Error', 'outcome_unknown', 'provider_unavailable'],
    [502, '<html>', 'outcome_unknown', 'provider_unavailable'],
    [503, '<html>', 'provider_unavailable', 'provider_unavailable'],
    [504, '<html>', 'outcome_unknown', 'provider_unavailable'],
    [302, '', 'provider_protocol', 'provider_protocol'],
  ] as const)('%i %s means %s to a write and %s to a read', (status, text, write, read) => {
    const error = errorOf(httpAnswer({ status, text }), { write: true, now });

    expect([error.code, errorOf(httpAnswer({ status, text }), { write: false, now }).code]).toEqual([write, read]);
    expect(error.message).not.toContain('example.test');
  });

  it('take the wait that something before the server asks for', () => {
    expect(errorOf(httpAnswer({ status: 503, text: '', headers: { 'retry-after': '7' } }), { write: true, now })).toMatchObject({ code: 'provider_unavailable', retryAfterMs: 7000 });
  });
});
