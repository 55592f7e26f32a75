import { describe, expect, it } from '@jest/globals';
import { ownerName, txtValueOfBytes, type RecordSet } from '@connect/domain';
import type { SeenAnswer } from '../check/propagation-check.js';
import { findingsOf } from './finding.js';

const recordSet: RecordSet = { ownerName: ownerName('shop.example.com'), type: 'TXT', ttlSeconds: 300, values: ['"ours"'] };

/** So many addresses of one name server, each with these values. */
function seenAt(addresses: number, values: string[]): SeenAnswer[] {
  const answers = values.map((value) => ({ ownerName: recordSet.ownerName, type: 'TXT', ttlSeconds: 300, value })) as Extract<SeenAnswer['answer'], { kind: 'answer' }>['answers'];
  return Array.from({ length: addresses }, (_, at) => ({
    server: ownerName('ns1.example.net'), address: `192.0.2.${at}`, recordSet, code: 'conflicting_value', served: [],
    answer: { kind: 'answer', rcode: 'NOERROR', authoritative: true, answers, authorities: [], additionals: [], transport: 'tcp', elapsedMs: 1 },
  }));
}

describe('a finding', () => {
  it('says what each server showed', () => {
    expect(findingsOf(seenAt(2, ['"a"', '"b"']))).toEqual([{
      code: 'conflicting_value', ownerName: 'shop.example.com.', type: 'TXT', expectedBy: null,
      detail: 'ns1.example.net (192.0.2.0) says TXT "a", TXT "b", ns1.example.net (192.0.2.1) says TXT "a", TXT "b"',
    }]);
  });

  it('fits into a message whatever a foreign zone answers', () => {
    const huge = txtValueOfBytes(Buffer.alloc(60_000, 0xc3));

    const [finding] = findingsOf(seenAt(128, Array.from({ length: 9 }, () => huge)));

    expect(finding?.detail).toContain('… and 5 more');
    expect(finding?.detail).toMatch(/ and 112 more$/);
    expect(Buffer.byteLength(JSON.stringify(finding))).toBeLessThan(32_000);
  });
});
