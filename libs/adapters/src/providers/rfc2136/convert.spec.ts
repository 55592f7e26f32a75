import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ownerName, sameRecordSet, txtValueOfBytes, type Change, type RecordSet } from '@connect/domain';
import type { DnsRecord, UpdateOperation } from '../../spi/index.js';
import { toRecordSets, toUpdate } from './convert.js';

const name = ownerName('www.example.test.');
const set = (type: string, values: string[], ttlSeconds = 300): RecordSet => ({ ownerName: name, type, ttlSeconds, values });
const at = { ownerName: name };
const change = (before: RecordSet | null, after: RecordSet | null): Change => ({ ownerName: name, type: (before ?? after)!.type, before, after });

/** What a server holds after an update whose prerequisites were met: additions and deletions as RFC 2136 3.4.2 has them, by the text of a value. */
function applied(records: readonly DnsRecord[], operations: readonly UpdateOperation[]): DnsRecord[] {
  return operations.reduce<DnsRecord[]>((held, operation) => {
    const { kind, type } = operation;
    const ofSet = (record: DnsRecord): boolean => record.ownerName === operation.ownerName && record.type === type;
    if (kind === 'delete_set') return held.filter((record) => !ofSet(record));
    if (kind === 'delete_value') return held.filter((record) => !(ofSet(record) && record.value === operation.value));
    return [...held, { ownerName: operation.ownerName, type, ttlSeconds: operation.ttlSeconds, value: operation.value }];
  }, [...records]);
}
const recordsOf = (sets: readonly RecordSet[]): DnsRecord[] => sets.flatMap(({ values, ...rest }) => values.map((value) => ({ ...rest, value })));

describe('a zone that was read', () => {
  it('is grouped into sets, without what the signing of the server makes', () => {
    const record = (type: string, value: string, ttlSeconds = 300): DnsRecord => ({ ...at, type, ttlSeconds, value });

    expect(toRecordSets([record('A', '192.0.2.1'), record('RRSIG', 'A 13 3 300 …'), record('TXT', '"a"'), record('A', '192.0.2.2', 60), record('NSEC', 'x.example.test. A'), record('DNSKEY', '257 3 13 x'), record('CDS', '1 13 2 00')])).toEqual([
      set('A', ['192.0.2.1', '192.0.2.2'], 60), set('TXT', ['"a"']),
    ]);
  });

  it('has one value where the same text stands in other strings', () => {
    expect(toRecordSets([{ ...at, type: 'TXT', ttlSeconds: 300, value: '"ab"' }, { ...at, type: 'TXT', ttlSeconds: 300, value: '"a" "b"' }])).toEqual([set('TXT', ['"ab"'])]);
  });
});

describe('an update', () => {
  it('that creates rests on nothing being there, and no CNAME', () => {
    expect(toUpdate([change(null, set('A', ['192.0.2.1']))], [])).toEqual({
      prerequisites: [{ kind: 'set_absent', ...at, type: 'A' }, { kind: 'set_absent', ...at, type: 'CNAME' }],
      operations: [{ kind: 'add', ...at, type: 'A', ttlSeconds: 300, value: '192.0.2.1' }],
    });
  });

  it('that changes values rests on exactly what was read, and names only those values', () => {
    const before = set('TXT', ['"a"', '"b"']);

    expect(toUpdate([change(before, set('TXT', ['"b"', '"c"']))], [before])).toEqual({
      prerequisites: [{ kind: 'set_equals', ...at, type: 'TXT', values: ['"a"', '"b"'] }, { kind: 'set_absent', ...at, type: 'CNAME' }],
      operations: [{ kind: 'delete_value', ...at, type: 'TXT', value: '"a"' }, { kind: 'add', ...at, type: 'TXT', ttlSeconds: 300, value: '"c"' }],
    });
  });

  it('that changes the TTL makes the set new, since Knot ignores a known record with another TTL', () => {
    const before = set('A', ['192.0.2.1', '192.0.2.2']);

    expect(toUpdate([change(before, { ...before, ttlSeconds: 60 })], [before]).operations).toEqual([
      { kind: 'delete_set', ...at, type: 'A' }, { kind: 'add', ...at, type: 'A', ttlSeconds: 60, value: '192.0.2.1' }, { kind: 'add', ...at, type: 'A', ttlSeconds: 60, value: '192.0.2.2' },
    ]);
  });

  it('that creates a CNAME rests on an empty name', () => {
    expect(toUpdate([change(null, set('CNAME', ['target.example.']))], []).prerequisites).toEqual([{ kind: 'set_absent', ...at, type: 'CNAME' }, { kind: 'name_not_in_use', ...at }]);
  });

  it('that puts a CNAME in the place of an address excludes all other types it knows', () => {
    const before = set('A', ['192.0.2.1']);

    const { prerequisites } = toUpdate([change(before, null), change(null, set('CNAME', ['target.example.']))], [before]);

    expect(prerequisites).toEqual(expect.arrayContaining([{ kind: 'set_equals', ...at, type: 'A', values: ['192.0.2.1'] }, { kind: 'set_absent', ...at, type: 'MX' }, { kind: 'set_absent', ...at, type: 'TXT' }]));
    expect(prerequisites).not.toContainEqual({ kind: 'set_absent', ...at, type: 'A' });
  });

  it('that ends a set rests on exactly what was read', () => {
    const before = set('TXT', ['"a"']);

    expect(toUpdate([change(before, null)], [before])).toEqual({ prerequisites: [{ kind: 'set_equals', ...at, type: 'TXT', values: ['"a"'] }], operations: [{ kind: 'delete_set', ...at, type: 'TXT' }] });
  });

  it('of a TXT set with odd texts makes the set what it should be, in the strings in which the values were read', () => {
    const texts = fc.uniqueArray(fc.uint8Array({ maxLength: 600 }).map(txtValueOfBytes), { minLength: 1, maxLength: 4 });
    const odd = ['"say \\"hi\\""', '"a" "b"', '""', '"\\195\\188; x"'];

    fc.assert(fc.property(fc.subarray(odd), texts, fc.subarray(odd, { minLength: 1 }), fc.constantFrom(60, 300), (first, random, last, ttlSeconds) => {
      const before = set('TXT', [...new Set([...first, ...random])]);
      const after = set('TXT', last, ttlSeconds);

      expect(sameRecordSet(toRecordSets(applied(recordsOf([before]), toUpdate([change(before, after)], [before]).operations))[0]!, after)).toBe(true);
    }));
  });

  it('says each prerequisite once', () => {
    const { prerequisites } = toUpdate([change(null, set('A', ['192.0.2.1'])), change(null, set('AAAA', ['2001:db8::1']))], []);

    expect(prerequisites.filter((each) => each.kind === 'set_absent' && each.type === 'CNAME')).toHaveLength(1);
  });
});
