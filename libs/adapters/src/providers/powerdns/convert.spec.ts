import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ownerName, recordSetKey, recordValue, sameRecordSet, txtText, txtValueOfBytes, type Change, type RecordSet } from '@connect/domain';
import { pathOf, toPatch, toRecordSets } from './convert.js';
import type { RrsetAnswer } from './schema.js';

const zone = 'example.test.';
const rrset = (records: RrsetAnswer['records'], type = 'TXT'): RrsetAnswer => ({ name: `www.${zone}`, type, ttl: 300, records });
const served = (...contents: string[]): RrsetAnswer['records'] => contents.map((content) => ({ content, disabled: false }));
const setOf = (type: string, values: string[]): RecordSet => ({ ownerName: ownerName(`www.${zone}`), type, ttlSeconds: 300, values });
const change = (before: RecordSet | null, after: RecordSet | null): Change => ({ ownerName: ownerName(`www.${zone}`), type: (before ?? after)!.type, before, after });

describe('record sets of PowerDNS', () => {
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

  // What the server gives for a TXT, and what all of it says: quotes and backslashes, octets as \DDD, several strings, an empty one, no quotes at all.
  it.each([
    ['"v=spf1 include:_spf.example.net -all"', 'v=spf1 include:_spf.example.net -all'],
    ['"say \\"hi\\" \\\\ there"', 'say "hi" \\ there'],
    ['"\\195\\188ber"', 'über'],
    ['"semi; colon"   "second"', 'semi; colonsecond'],
    ['""', ''],
    ['bare', 'bare'],
    [`"${'a'.repeat(255)}" "${'b'.repeat(10)}"`, 'a'.repeat(255) + 'b'.repeat(10)],
  ])('read the TXT %s as text, and keep it as it is when a neighbour is added', (content, text) => {
    const { recordSets: [before], native } = toRecordSets([rrset(served(content))]);
    const kept = before!.values[0]!;

    expect(txtText(kept)).toBe(text);
    expect(toPatch(change(before!, { ...before!, values: [kept, '"new"'] }), native.get(recordSetKey(before!))).records).toEqual(served(content, '"new"'));
  });

  it.each([
    ['A', '192.0.2.1'], ['AAAA', '2001:db8::1'], ['CNAME', `target.${zone}`], ['MX', `10 mail.${zone}`], ['SRV', `0 5 443 host.${zone}`],
    ['CAA', '0 issue "ca.example.net; account=1"'], ['NS', `ns1.${zone}`], ['TXT', '"plain"'],
  ])('of type %s are written as %s and read as the same', (type, value) => {
    const after = setOf(type, [recordValue(type, value)]);
    const patch = toPatch(change(null, after), undefined);

    expect(patch).toMatchObject({ name: `www.${zone}`, type, ttl: 300, changetype: 'REPLACE', records: served(value) });
    expect(toRecordSets([patch]).recordSets).toEqual([after]);
  });

  it('of HTTPS are written without the quotes that 4.7 refuses, save where a value needs them, and read as ours', () => {
    const after = setOf('HTTPS', [recordValue('HTTPS', '1 . alpn="h2,h3" port=8443')]);
    const patch = toPatch(change(null, after), undefined);

    expect(patch.records).toEqual(served('1 . alpn=h2,h3 port=8443'));
    expect(sameRecordSet(toRecordSets([patch]).recordSets[0]!, after)).toBe(true);
    expect(toPatch(change(null, setOf('HTTPS', ['1 . key65400="a b"'])), undefined).records).toEqual(served('1 . key65400="a b"'));
  });

  it('that end are replaced by nothing, with the TTL they had', () => {
    const before = setOf('A', ['192.0.2.1']);

    expect(toPatch(change(before, null), undefined)).toEqual({ name: `www.${zone}`, type: 'A', ttl: 300, changetype: 'REPLACE', records: [] });
  });
});
