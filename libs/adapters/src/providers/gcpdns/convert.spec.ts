import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ownerName, sameRecordSet, txtValueOfBytes, type Change, type RecordSet } from '@connect/domain';
import { sizeOf, toRecordSets, toTheirChange, type TheirChange } from './convert.js';
import { ChangeAnswer, ManagedZonesPage, RrsetsPage } from './schema.js';

const answers = JSON.parse(readFileSync(new URL('./__fixtures__/answers.json', import.meta.url), 'utf8')) as Record<string, unknown>;
const { recordSets, native } = toRecordSets(RrsetsPage.parse(answers['rrsets']).rrsets);
const set = (name: string, type: string, values: string[], ttlSeconds = 300): RecordSet => ({ ownerName: ownerName(name), type, ttlSeconds, values });
const changing = (before: RecordSet | null, after: RecordSet | null): Change => ({ ownerName: (after ?? before)!.ownerName, type: (after ?? before)!.type, before, after });
const theirs = (...changes: Change[]): TheirChange => toTheirChange(changes, native);

describe('the documented answers', () => {
  it('fit the schemas, an empty list being left out', () => {
    expect(ManagedZonesPage.parse(answers['managedZones']).managedZones.map(({ name, visibility }) => [name, visibility])).toEqual([['example-com', 'public'], ['example-com-inside', 'private']]);
    expect(ManagedZonesPage.parse(answers['emptyManagedZones']).managedZones).toEqual([]);
    expect(ChangeAnswer.parse(answers['change'])).toMatchObject({ id: '17', status: 'pending' });
  });

  it('become record sets in the house’s form; a routing policy is shown and not to be touched', () => {
    expect(recordSets).toEqual([
      set('example.com', 'NS', ['ns-cloud-a1.googledomains.com.', 'ns-cloud-a2.googledomains.com.'], 21_600),
      set('example.com', 'TXT', ['"v=spf1 -all"', '"part one" "part two"']),
      set('*.example.com', 'A', ['192.0.2.1'], 60),
      set('mail.example.com', 'MX', ['10 mail.example.com.']),
      { ...set('geo.example.com', 'A', ['192.0.2.8', '192.0.2.9'], 30), untouchable: 'routing_policy' },
    ]);
    expect([...native.keys()]).not.toContain('geo.example.com. A');
  });

  it('are a list only where they say so', () => {
    expect(RrsetsPage.safeParse({}).success).toBe(false);
    expect(ManagedZonesPage.safeParse({ unexpected: true }).success).toBe(false);
  });

  it('keep data that the house’s form does not fit', () => {
    expect(toRecordSets([{ name: 'example.com.', type: 'A', ttl: 300, rrdatas: ['odd'] }]).recordSets[0]!.values).toEqual(['odd']);
  });

  it('that were seen twice, since pages are no snapshot, count as seen last', () => {
    const twice = toRecordSets(['192.0.2.1', '192.0.2.2'].map((raw) => ({ name: 'www.example.com.', type: 'A', ttl: 300, rrdatas: [raw] })));

    expect(twice.recordSets).toEqual([set('www.example.com', 'A', ['192.0.2.2'])]);
  });
});

describe('a change', () => {
  const [, txt, wildcard, mx, policy] = recordSets as [RecordSet, RecordSet, RecordSet, RecordSet, RecordSet];

  it('creates by an addition alone', () => {
    expect(theirs(changing(null, set('new.example.com', 'A', ['192.0.2.5'], 60)))).toEqual({ additions: [{ name: 'new.example.com.', type: 'A', ttl: 60, rrdatas: ['192.0.2.5'] }], deletions: [] });
  });

  it('deletes exactly what was read, in their words', () => {
    expect(theirs(changing(mx, null))).toEqual({ additions: [], deletions: [{ name: 'mail.example.com.', type: 'MX', ttl: 300, rrdatas: ['10 MAIL.Example.com.'] }] });
  });

  it('keeps the values that stay as they were written', () => {
    const { additions, deletions } = theirs(changing(txt, { ...txt, values: ['"part one" "part two"', '"new"'] }), changing(mx, { ...mx, values: [...mx.values, '20 backup.example.com.'] }));

    expect(deletions.map(({ rrdatas }) => rrdatas)).toEqual([['"v=spf1 -all"', '"part one" "part two"'], ['10 MAIL.Example.com.']]);
    expect(additions.map(({ rrdatas }) => rrdatas)).toEqual([['"part one" "part two"', '"new"'], ['10 MAIL.Example.com.', '20 backup.example.com.']]);
  });

  it('of the TTL alone deletes with the old one and adds with the new one', () => {
    const same = { name: '*.example.com.', type: 'A', rrdatas: ['192.0.2.1'] };

    expect(theirs(changing(wildcard, { ...wildcard, ttlSeconds: 3_600 }))).toEqual({ deletions: [{ ...same, ttl: 60 }], additions: [{ ...same, ttl: 3_600 }] });
  });

  it('of what was not read as a plain set is refused', () => {
    expect(() => theirs(changing(policy, null))).toThrow('zone_changed');
  });

  it('counts the octets of its data before and after', () => {
    expect(sizeOf(theirs(changing(wildcard, { ...wildcard, values: ['192.0.2.10'] })))).toBe(19);
  });

  it('brings back what it sent, whatever the text', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      const wanted = set('data.example.com', 'TXT', [txtValueOfBytes(bytes)]);
      const { additions } = theirs(changing(null, wanted));

      return sameRecordSet(toRecordSets(additions).recordSets[0]!, wanted);
    }));
  });
});
