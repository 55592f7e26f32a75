import { describe, expect, it } from '@jest/globals';
import { ownerName, recordValue } from '@connect/domain';
import { withAbsoluteTarget } from './absolute-target.js';
import { readOrKept, setsOfRecords } from './sets-of-records.js';

const www = ownerName('www.example.com');
const record = (value: string, native: number, more: object = {}) => ({ ownerName: www, type: 'A', ttlSeconds: 300, value, native, ...more });

describe('records read one by one', () => {
  it('become sets, and each keeps what names it, also one that stands there twice', () => {
    const { recordSets, native } = setsOfRecords([record('192.0.2.1', 1), record('192.0.2.2', 2, { ttlSeconds: 60 }), record('192.0.2.1', 3)]);

    expect(recordSets).toEqual([{ ownerName: www, type: 'A', ttlSeconds: 60, values: ['192.0.2.1', '192.0.2.2'] }]);
    expect([...native.values()].flat().map((each) => each.native)).toEqual([1, 2, 3]);
  });

  it('mark their set, which names those that may not be touched', () => {
    expect(setsOfRecords([record('192.0.2.1', 1), record('192.0.2.2', 2, { marks: { untouchable: 'managed_record', proxied: true } })]).recordSets).toEqual([expect.objectContaining({ untouchable: 'managed_record', untouchableValues: ['192.0.2.2'], proxied: true })]);
  });

  it('are kept as they were given where they have not the form of their type', () => {
    expect(readOrKept('nonsense', () => recordValue('A', 'nonsense'))).toBe('nonsense');
    expect(() => readOrKept('x', () => { throw new TypeError('a mistake of ours'); })).toThrow(TypeError);
  });
});

describe('a target', () => {
  it.each([['mail', 'mail.example.com.'], ['@', 'example.com.'], ['10 mail', '10 mail.example.com.'], ['10 mail.example.net.', '10 mail.example.net.']])('%s is %s', (text, absolute) => {
    expect(withAbsoluteTarget(text, ownerName('example.com'))).toBe(absolute);
  });
});
