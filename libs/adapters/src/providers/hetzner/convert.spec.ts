import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ownerName, sameRecordSet, txtValueOfBytes, type Change, type RecordSet } from '@connect/domain';
import { toRecordSets, toSteps } from './convert.js';
import { OneAction, RrsetsPage, ZonesPage } from './schema.js';

const fixture = (name: string): { body: unknown; answers: { body: unknown }[] } => JSON.parse(readFileSync(new URL(`./__fixtures__/${name}.json`, import.meta.url), 'utf8')) as { body: unknown; answers: { body: unknown }[] };
const apex = ownerName('example.com');
const { recordSets, native } = toRecordSets(RrsetsPage.parse(fixture('rrsets').body).rrsets, apex, 86_400);
const set = (name: string, type: string, values: string[], ttlSeconds = 300): RecordSet => ({ ownerName: ownerName(name), type, ttlSeconds, values });
const steps = (before: RecordSet | null, after: RecordSet | null): ReturnType<typeof toSteps> => {
  const { ownerName: name, type } = (after ?? before)!;
  const change: Change = { ownerName: name, type, before, after };
  return toSteps(change, native, apex);
};
const values = (...given: string[]): { records: { value: string }[] } => ({ records: given.map((value) => ({ value })) });

describe('the documented answers', () => {
  it('fit the schemas', () => {
    expect(ZonesPage.safeParse(fixture('zones').body).success).toBe(true);
    expect(RrsetsPage.safeParse(fixture('rrsets').body).success).toBe(true);
    expect(fixture('actions').answers.map(({ body }) => OneAction.safeParse(body).success)).toEqual([true, true, true]);
  });

  it('become record sets in the house’s form; a set without a TTL has that of the zone, and a protected one is not touched', () => {
    expect(recordSets).toEqual([
      set('example.com', 'NS', ['hydrogen.ns.hetzner.com.', 'oxygen.ns.hetzner.com.', 'helium.ns.hetzner.de.'], 86_400),
      { ...set('www.example.com', 'A', ['192.0.2.1'], 3600), untouchable: 'protected' },
      set('docs.example.com', 'CNAME', ['www.example.com.']),
      set('_acme-challenge.example.com', 'TXT', ['"challenge token 1"', '"a" "b"'], 600),
    ]);
  });

  it('keep data that the house’s form does not fit', () => {
    expect(toRecordSets([{ name: '@', type: 'A', ttl: 300, records: [{ value: 'odd' }] }], apex, 300).recordSets[0]!.values).toEqual(['odd']);
  });
});

describe('the calls of a change', () => {
  const txt = recordSets[3]!;

  it('create a set by a call that refuses one which is there', () => {
    expect(steps(null, set('example.com', 'TXT', ['"x"']))).toEqual([{ call: 'create', body: { name: '@', type: 'TXT', ttl: 300, ...values('"x"') } }]);
  });

  it('add before they remove, and name a stored value literally', () => {
    expect(steps({ ...txt, values: ['"ab"', '"challenge token 1"'] }, { ...txt, values: ['"new"', '"challenge token 1"'] })).toEqual([{ call: 'add_records', body: values('"new"') }, { call: 'remove_records', body: values('"a" "b"') }]);
  });

  it('remove all values that are known where a set is deleted, and no others', () => {
    expect(steps(txt, null)).toEqual([{ call: 'remove_records', body: values('"challenge token 1"', '"a" "b"') }]);
  });

  it('replace the one value of a CNAME, so that its name is never gone', () => {
    expect(steps(recordSets[2]!, set('docs.example.com', 'CNAME', ['elsewhere.example.net.'], 600))).toEqual([{ call: 'change_ttl', body: { ttl: 600 } }, { call: 'set_records', body: values('elsewhere.example.net.') }]);
  });

  it('change only the TTL where only the TTL changes', () => {
    expect(steps(txt, { ...txt, ttlSeconds: 3600 })).toEqual([{ call: 'change_ttl', body: { ttl: 3600 } }]);
  });

  it('carry 50 records at most each', () => {
    const many = set('many.example.com', 'A', Array.from({ length: 120 }, (_, at) => `192.0.2.${at}`));

    expect(steps(null, many).map((step) => [step.call, 'records' in step.body ? step.body.records.length : 0])).toEqual([['create', 50], ['add_records', 50], ['add_records', 20]]);
    expect(steps(many, null).map((step) => ('records' in step.body ? step.body.records.length : 0))).toEqual([50, 50, 20]);
  });

  it('come back as they went out, for TXT of printable characters', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme-ascii', maxLength: 600 }).map((text) => txtValueOfBytes(Buffer.from(text))), { minLength: 1, maxLength: 4 }), (texts) => {
      const after = set('www.example.com', 'TXT', texts);
      const [step] = toSteps({ ownerName: after.ownerName, type: 'TXT', before: null, after }, new Map(), apex);

      const back = step?.call === 'create' ? toRecordSets([step.body], apex, 0).recordSets[0]! : null;

      expect(sameRecordSet(back, after)).toBe(true);
    }));
  });
});
