import { describe, expect, it } from '@jest/globals';
import { ownerName, txtValue, type RecordSet } from '@connect/domain';
import type { ServerAnswer } from '../ports/name-server-asker.port.js';
import { classify, classifyAbsence } from './classify.js';

const name = ownerName('shop.example.com');
const set = (type: string, ...values: string[]): RecordSet => ({ ownerName: name, type, ttlSeconds: 60, values });

function answer(records: [string, string][], more: Partial<Extract<ServerAnswer, { kind: 'answer' }>> = {}): ServerAnswer {
  return { kind: 'answer', rcode: 'NOERROR', authoritative: true, authorities: [], additionals: [], transport: 'udp', elapsedMs: 1, answers: records.map(([type, value]) => ({ ownerName: name, type, ttlSeconds: 60, value })), ...more };
}

describe('what a server shows', () => {
  it('is the expected value whatever the order of values and the split of TXT strings', () => {
    expect(classify(set('A', '192.0.2.1', '192.0.2.2'), answer([['A', '192.0.2.2'], ['A', '192.0.2.1']]))).toBe('expected_value');
    expect(classify(set('TXT', txtValue('abc')), answer([['TXT', '"ab" "c"'], ['TXT', '"foreign"']]))).toBe('expected_value');
  });

  it('conflicts when an exclusive set holds something else as well', () => {
    expect(classify(set('A', '192.0.2.1'), answer([['A', '192.0.2.1'], ['A', '192.0.2.9']]))).toBe('conflicting_value');
    expect(classify(set('CNAME', 'edge.example.'), answer([['CNAME', 'other.example.']]))).toBe('conflicting_value');
    expect(classify(set('A', '192.0.2.1'), answer([['CNAME', 'other.example.']]))).toBe('conflicting_value');
  });

  it('misses a value of an additive set that holds only others', () => {
    expect(classify(set('TXT', txtValue('ours')), answer([['TXT', '"foreign"']]))).toBe('missing_value');
  });

  it('finds our senders in an SPF record that was merged with the customer’s, and how it ends is his', () => {
    const ours = set('TXT', txtValue('v=spf1 include:saas.example ip4:198.51.100.0/24 ~all'));

    expect(classify(ours, answer([['TXT', '"v=spf1 a +IP4:198.51.100.0/24 include:saas.example -all"'], ['TXT', '"foreign"']]))).toBe('expected_value');
    expect(classify(ours, answer([['TXT', '"v=spf1 a include:saas.example -all"']]))).toBe('missing_value');
    expect(classify(ours, answer([['TXT', '"v=spf1 include:saas.example ip4:198.51.100.0/24 -all"'], ['TXT', '"v=spf1 a -all"']]))).toBe('missing_value');
  });

  it('tells a missing name from a missing value', () => {
    expect(classify(set('A', '192.0.2.1'), answer([], { rcode: 'NXDOMAIN' }))).toBe('nxdomain');
    expect(classify(set('A', '192.0.2.1'), answer([]))).toBe('missing_value');
  });

  it('does not count an answer without authority, a refusal, a failure or silence', () => {
    expect(classify(set('A', '192.0.2.1'), answer([['A', '192.0.2.1']], { authoritative: false }))).toBe('lame');
    expect(classify(set('A', '192.0.2.1'), answer([], { rcode: 'REFUSED', authoritative: false }))).toBe('refused');
    expect(classify(set('A', '192.0.2.1'), answer([], { rcode: 'SERVFAIL', authoritative: false }))).toBe('servfail');
    expect(classify(set('A', '192.0.2.1'), { kind: 'silence', why: 'timeout', elapsedMs: 2000 })).toBe('unreachable');
  });

  it('names a CNAME loop', () => {
    const loop = answer([['CNAME', 'a.example.']]);
    if (loop.kind === 'answer') loop.answers.push({ ownerName: ownerName('a.example'), type: 'CNAME', ttlSeconds: 5, value: name });

    expect(classify(set('A', '192.0.2.1'), loop)).toBe('cname_loop');
  });

  it('is still there as long as one of the removed values is', () => {
    expect(classifyAbsence(set('TXT', txtValue('ours')), answer([['TXT', '"foreign"'], ['TXT', '"ours"']]))).toBe('expected_value');
    expect(classifyAbsence(set('TXT', txtValue('ours')), answer([['TXT', '"foreign"']]))).toBe('missing_value');
  });
});
