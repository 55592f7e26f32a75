import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { ownerName, sameRecordSet, txtValueOfBytes, type Change, type RecordSet } from '@connect/domain';
import { pathOf, toBody, toRecordSets } from './convert.js';
import { DomainAnswer, RrsetAnswer } from './schema.js';

const fixture = (name: string): { body: unknown } => JSON.parse(readFileSync(new URL(`./__fixtures__/${name}.json`, import.meta.url), 'utf8')) as { body: unknown };
const apex = ownerName('example.com');
const read = toRecordSets(z.array(RrsetAnswer).parse(fixture('records').body), apex);
const set = (name: string, type: string, values: string[], ttlSeconds = 10_800): RecordSet => ({ ownerName: ownerName(name), type, ttlSeconds, values });
const change = (before: RecordSet | null, after: RecordSet): Change => ({ ownerName: after.ownerName, type: after.type, before, after });

describe('the documented answers', () => {
  it('fit the schemas', () => {
    expect(z.array(DomainAnswer).safeParse(fixture('domains').body).success).toBe(true);
    expect(z.array(RrsetAnswer).safeParse(fixture('records').body).success).toBe(true);
  });

  it('become record sets in the house’s form, relative targets included', () => {
    expect(read.recordSets).toEqual([
      set('example.com', 'A', ['192.0.2.1']),
      set('example.com', 'MX', ['10 spool.mail.gandi.net.', '50 fb.mail.gandi.net.']),
      set('example.com', 'NS', ['ns-12-a.gandi.net.', 'ns-201-b.gandi.net.', 'ns-80-c.gandi.net.']),
      set('example.com', 'TXT', ['"v=spf1 include:_mailcust.gandi.net ?all"']),
      set('_imap._tcp.example.com', 'SRV', ['0 0 0 .']),
      set('docs.example.com', 'CNAME', ['www.example.com.'], 3600),
      set('relative.example.com', 'MX', ['10 mail.example.com.'], 3600),
    ]);
  });

  it('keep data that the house’s form does not fit', () => {
    expect(toRecordSets([{ rrset_name: '@', rrset_type: 'A', rrset_ttl: 300, rrset_values: ['odd'] }], apex).recordSets[0]!.values).toEqual(['odd']);
  });

  it('take "@" as a target for the bare domain', () => {
    expect(toRecordSets([{ rrset_name: 'www', rrset_type: 'CNAME', rrset_ttl: 300, rrset_values: ['@'] }], apex).recordSets[0]!.values).toEqual(['example.com.']);
  });
});

describe('writing', () => {
  it('says kept values in the server’s own words, also relative ones', () => {
    const before = read.recordSets.find(({ ownerName: name }) => name === 'relative.example.com.')!;

    expect(toBody(change(before, { ...before, values: [...before.values, '20 backup.example.net.'] }), { ...before, values: [...before.values, '20 backup.example.net.'] }, read.native)).toEqual({ rrset_ttl: 3600, rrset_values: ['10 mail', '20 backup.example.net.'] });
  });

  it.each([['example.com', '%40'], ['*.example.com', '*'], ['*.a.example.com', '*.a'], ['_acme-challenge.www.example.com', '_acme-challenge.www']])('names %s %s in a path', (name, path) => {
    expect(pathOf(ownerName(name), apex)).toBe(path);
  });

  it('comes back as it went out, for TXT of printable characters', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme-ascii', maxLength: 600 }).map((text) => txtValueOfBytes(Buffer.from(text))), { minLength: 1, maxLength: 4 }), (values) => {
      const after = set('www.example.com', 'TXT', values);
      const { rrset_ttl, rrset_values } = toBody(change(null, after), after, new Map());

      const back = toRecordSets([{ rrset_name: 'www', rrset_type: 'TXT', rrset_ttl, rrset_values }], apex);

      expect(sameRecordSet(back.recordSets[0]!, after)).toBe(true);
    }));
  });
});
