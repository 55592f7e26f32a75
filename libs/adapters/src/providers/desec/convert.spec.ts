import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { ownerName, recordSetKey, recordValue, sameRecordSet, txtValueOfBytes, type Change, type RecordSet } from '@connect/domain';
import { toItem, toRecordSets } from './convert.js';
import { DomainAnswer, RrsetAnswer } from './schema.js';

const fixture = (name: string): { body: unknown } => JSON.parse(readFileSync(new URL(`./__fixtures__/${name}.json`, import.meta.url), 'utf8')) as { body: unknown };
const apex = ownerName('example.com');
const read = toRecordSets(z.array(RrsetAnswer).parse(fixture('rrsets').body), apex);
const set = (name: string, type: string, values: string[], ttlSeconds = 3600): RecordSet => ({ ownerName: ownerName(name), type, ttlSeconds, values });
const change = (before: RecordSet | null, after: RecordSet | null): Change => ({ ownerName: (after ?? before)!.ownerName, type: (after ?? before)!.type, before, after });

describe('the documented answers', () => {
  it('fit the schemas', () => {
    expect(z.array(DomainAnswer).safeParse(fixture('domains').body).success).toBe(true);
    expect(z.array(RrsetAnswer).safeParse(fixture('rrsets').body).success).toBe(true);
  });

  it('become record sets in the house’s form', () => {
    expect(read.recordSets).toEqual([
      set('www.example.com', 'A', ['127.0.0.1', '127.0.0.2']),
      set('example.com', 'NS', ['ns1.desec.io.', 'ns2.desec.org.']),
      set('test.example.com', 'MX', ['10 010.1.1.1.', '0 .'], 3660),
      set('test.example.com', 'CNAME', ['example.com.'], 3660),
      set('test.example.com', 'CAA', ['128 issue "letsencrypt.org"'], 3660),
      set('test.example.com', 'HTTPS', [recordValue('HTTPS', '1 h3pool.example. alpn=h2,h3 ech="MTIzLi4uCg=="')], 3660),
      set('*.wild.example.com', 'TXT', ['"" "" "foo" "" "bar"'], 3660),
    ]);
  });

  it('keep data that the house’s form does not fit', () => {
    expect(toRecordSets([{ subname: 'x', type: 'A', ttl: 3600, records: ['odd'] }], apex).recordSets[0]!.values).toEqual(['odd']);
  });
});

describe('an item of a bulk request', () => {
  const www = read.recordSets[0]!;

  it('creates with all fields, the apex being the empty subname', () => {
    expect(toItem(change(null, set('example.com', 'TXT', ['"x"'])), new Map(), apex)).toEqual({ subname: '', type: 'TXT', ttl: 3600, records: ['"x"'] });
  });

  it('deletes by an empty list', () => {
    expect(toItem(change(www, null), read.native, apex)).toEqual({ subname: 'www', type: 'A', records: [] });
  });

  it('leaves out a TTL that stays: one below today’s minimum may stay, but not be written', () => {
    expect(toItem(change(www, { ...www, values: ['127.0.0.1'] }), read.native, apex)).toEqual({ subname: 'www', type: 'A', records: ['127.0.0.1'] });
  });

  it('leaves out values that stay, so that one which somebody adds meanwhile survives', () => {
    expect(toItem(change(www, { ...www, ttlSeconds: 7200 }), read.native, apex)).toEqual({ subname: 'www', type: 'A', ttl: 7200 });
  });

  it('says kept values in the server’s own words', () => {
    const https = read.recordSets.find(({ type }) => type === 'HTTPS')!;

    expect(toItem(change(https, { ...https, values: [...https.values, '0 other.example.net.'] }), read.native, apex).records).toEqual(['1 h3POOL.exaMPLe. alpn=h2,h3 ech="MTIzLi4uCg=="', '0 other.example.net.']);
  });

  it('comes back as it went out, for TXT of any octets', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.uint8Array({ maxLength: 600 }).map(txtValueOfBytes), { minLength: 1, maxLength: 4 }), (values) => {
      const after = set('www.example.com', 'TXT', values);
      const { subname, type, ttl, records } = toItem(change(null, after), new Map(), apex);

      const back = toRecordSets([{ subname, type, ttl: ttl!, records: records! }], apex);

      expect(sameRecordSet(back.recordSets[0]!, after)).toBe(true);
      expect([...back.native.keys()]).toEqual([recordSetKey(after)]);
    }));
  });
});
