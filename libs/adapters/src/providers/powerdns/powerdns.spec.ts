import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ownerName, recordSetKey, sameRecordSet, txtValueOfBytes, type Change } from '@connect/domain';
import { httpAnswer } from '../../conformance/index.js';
import { pathOf, toPatch, toRecordSets } from './convert.js';
import { powerdnsCredential, serversOf } from './credential.js';
import { errorOf } from './errors.js';
import type { RrsetAnswer } from './schema.js';

const key = 'c4nary-8d1f0a7c';
const parse = (credential: unknown): ReturnType<typeof powerdnsCredential.parse> => powerdnsCredential.parse(JSON.stringify(credential));

describe('the credential of PowerDNS', () => {
  it.each([
    ['https://dns.example.net:8081', 'https://dns.example.net:8081/api/v1'],
    ['https://dns.example.net/pdns/', 'https://dns.example.net/pdns/api/v1'],
    ['https://dns.example.net/api/v1', 'https://dns.example.net/api/v1'],
    ['http://127.0.0.1:8081', 'http://127.0.0.1:8081/api/v1'],
  ])('takes %s for %s', (url, apiUrl) => {
    expect(parse({ url, api_key: key })).toEqual({ apiUrl, apiKey: key, serverId: 'localhost' });
  });

  it.each([
    [{ url: 'http://dns.example.net:8081', api_key: key }, 'allow_http'],
    [{ url: 'ftp://dns.example.net', api_key: key }, 'https://'],
    [{ url: 'https://user:pw@dns.example.net', api_key: key }, 'a host, a port and a path only'],
    [{ url: 'not a url', api_key: key }, 'not a URL'],
    [{ url: 'https://dns.example.net', api_key: `${key} with spaces` }, 'wrong: api_key'],
    [{ url: 'https://dns.example.net', api_key: key, extra: 1 }, 'an unknown field'],
    [{ url: 'https://dns.example.net' }, 'wrong: api_key'],
    [{ url: 'https://dns.example.net', api_key: key, server_id: '../zones' }, 'wrong: server_id'],
  ])('refuses %j, says what is wrong and not what was given', (credential, detail) => {
    expect(() => parse(credential)).toThrow(expect.objectContaining({ code: 'credential_format', detail: expect.stringContaining(detail), message: expect.not.stringContaining('c4nary') }));
  });

  it('sends the key over plain http to another machine only where the credential says so', () => {
    expect(serversOf(parse({ url: 'http://dns.example.net:8081', api_key: key, allow_http: true }))).toEqual([{ protocol: 'http:', host: 'dns.example.net', port: 8081 }]);
    expect(serversOf(parse({ url: 'https://dns.example.net', api_key: key }))).toEqual([{ protocol: 'https:', host: 'dns.example.net', port: 443 }]);
  });
});

describe('record sets of PowerDNS', () => {
  const zone = 'example.test.';
  const rrset = (records: RrsetAnswer['records'], type = 'TXT'): RrsetAnswer => ({ name: `www.${zone}`, type, ttl: 300, records });

  it('come back as they went out', () => {
    const texts = fc.uniqueArray(fc.uint8Array({ maxLength: 600 }).map(txtValueOfBytes), { minLength: 1, maxLength: 5 });
    fc.assert(fc.property(texts, fc.integer({ min: 0, max: 100_000 }), (values, ttlSeconds) => {
      const after = { ownerName: ownerName(`www.${zone}`), type: 'TXT', ttlSeconds, values };

      const patch = toPatch({ ownerName: after.ownerName, type: 'TXT', before: null, after }, undefined);
      const { recordSets } = toRecordSets([{ name: patch.name, type: patch.type, ttl: patch.ttl, records: patch.records }]);

      expect(sameRecordSet(recordSets[0]!, after)).toBe(true);
    }));
  });

  it('keep disabled records and the text of kept values when they are replaced', () => {
    const { recordSets, native } = toRecordSets([rrset([{ content: '"kept"   "so"', disabled: false }, { content: '"off"', disabled: true }])]);
    const before = recordSets[0]!;
    const change: Change = { ownerName: before.ownerName, type: 'TXT', before, after: { ...before, values: [...before.values, '"new"'] } };

    expect(toPatch(change, native.get(recordSetKey(before))).records).toEqual([
      { content: '"kept"   "so"', disabled: false }, { content: '"new"', disabled: false }, { content: '"off"', disabled: true },
    ]);
    expect(toPatch({ ...change, after: null }, native.get(recordSetKey(before))).records).toEqual([{ content: '"off"', disabled: true }]);
  });

  it('of disabled records only are not there', () => {
    expect(toRecordSets([rrset([{ content: '"off"', disabled: true }])]).recordSets).toEqual([]);
  });

  it('of its own inventions are read and never written', () => {
    expect(toRecordSets([rrset([{ content: 'A "ifportup(443, {\'192.0.2.1\'})"', disabled: false }], 'LUA')]).recordSets[0]).toMatchObject({ type: 'LUA', untouchable: 'server_side_record' });
  });

  it('that do not fit our form do not spoil the zone', () => {
    expect(toRecordSets([rrset([{ content: 'not an address', disabled: false }], 'A'), rrset([{ content: '"x"', disabled: false }])]).recordSets).toHaveLength(2);
  });

  it('of a zone id with a slash keep the server’s own escape in the path', () => {
    expect(pathOf('0=2F25.2.0.192.in-addr.arpa.')).toBe('0=2F25.2.0.192.in-addr.arpa.');
    expect(pathOf('a/../b?c')).toBe('a%2F..%2Fb%3Fc');
  });
});

describe('errors of PowerDNS', () => {
  const now = new Date('2026-01-01T00:00:00Z');

  // Texts observed on 4.7.3 in November 2026.
  it.each([
    [401, 'Unauthorized', 'rejected_credential'], [404, 'Not Found', 'zone_not_found'], [405, 'Method Not Allowed', 'missing_permission'],
    [422, '{"error": "RRset www.example.test. IN CNAME: Conflicts with pre-existing RRset"}', 'record_conflict'],
    [422, '{"error": "RRset www.example.test. IN CNAME has more than one record"}', 'record_conflict'],
    [422, '{"error": "RRset www.example.test. IN FOO: unknown type given"}', 'unsupported'],
    [422, '{"error": "RRset www.other.test. IN A: Name is out of zone"}', 'record_invalid'],
    [422, '{"error": "Record www.example.test./A \'x\': Parsing record content (try \'pdnsutil check-zone\'): …"}', 'record_invalid'],
    [500, 'Internal Server Error', 'outcome_unknown'], [502, '<html>', 'outcome_unknown'],
  ] as const)('%i %s means %s', (status, text, code) => {
    const error = errorOf(httpAnswer({ status, text }), { write: true, now });

    expect(error.code).toBe(code);
    expect(error.message).not.toContain('example.test');
  });
});
