import { describe, expect, it } from '@jest/globals';
import { verdictReached, type WireRecordSet } from '@connect/contracts';
import { aConnection } from './connection.fake.js';
import { wasSeenAbsent } from './seen-absent.js';

const cname: WireRecordSet = { owner_name: 'shop.example.com.', type: 'CNAME', ttl_seconds: 300, values: ['edge.saas.example.'] };
const a: WireRecordSet = { owner_name: 'shop.example.com.', type: 'A', ttl_seconds: 300, values: ['192.0.2.1', '192.0.2.2'] };
const after = (removed: WireRecordSet[], verdict: 'absent' | 'partial' = 'absent'): boolean =>
  wasSeenAbsent(aConnection({ record_sets: [cname, a], removal: { removed, not_restored: [] }, verdict: { ...verdictReached.golden.data.projection, verdict } }));

describe('the look of a removal', () => {
  it('saw all absent where all was taken away', () => {
    expect(after([{ ...a, ttl_seconds: 60, values: ['192.0.2.2', '192.0.2.1'] }, cname])).toBe(true);
  });

  it('did not where a set, a value or the type is another, or something was still there', () => {
    expect(after([])).toBe(false);
    expect(after([a])).toBe(false);
    expect(after([cname, { ...a, values: ['192.0.2.1'] }])).toBe(false);
    expect(after([a, { ...cname, type: 'ALIAS' }])).toBe(false);
    expect(after([cname, a], 'partial')).toBe(false);
    expect(wasSeenAbsent(aConnection())).toBe(false);
  });
});
