import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ownerName, recordSetKey, recordValue, txtValue, type RecordSet } from '@connect/domain';
import { toFields, toRecordSets } from './convert.js';
import { RecordPage, type RecordAnswer } from './schema.js';

const apex = ownerName('example.com.');
const page = RecordPage.parse(JSON.parse(readFileSync(new URL('./__fixtures__/list-records.json', import.meta.url), 'utf8')));
const { recordSets, native } = toRecordSets(page.data, apex);
const found = (name: string, type: string): RecordSet | undefined => recordSets.find((set) => set.ownerName === name && set.type === type);

describe('reading', () => {
  it.each([
    ['example.com.', 'ALIAS', ['shop.example.net.']], ['example.com.', 'MX', ['10 mail.example.net.']], ['_sip._tcp.example.com.', 'SRV', ['10 20 5060 sip.example.net.']], ['example.com.', 'CAA', ['0 issue "letsencrypt.org"']],
    ['www.example.com.', 'CNAME', ['target.example.net.']], ['svc.example.com.', 'HTTPS', ['1 target.example.net. alpn="h2,h3"']], ['example.com.', 'TXT', ['"v=spf1 -all"']],
  ])('%s %s', (name, type, values) => {
    expect(found(name, type)?.values).toEqual(values.map((value) => recordValue(type, value)));
  });

  it('takes the TXT that came with an ALIAS for nobody’s', () => {
    expect(JSON.stringify(recordSets)).not.toContain('ALIAS for');
    expect(native.get(recordSetKey({ ownerName: apex, type: 'TXT' }))).toHaveLength(1);
  });

  it.each([['example.com.', 'SOA', 'system_record'], ['example.com.', 'NS', 'system_record'], ['near.example.com.', 'A', 'regional_record']])('marks what is not written by its value alone: %s %s', (name, type, mark) => {
    expect(found(name, type)?.untouchable).toBe(mark);
  });

  it('marks the child of another record that is no text, too', () => {
    expect(toRecordSets([answer({ parent_id: 7 })], apex).recordSets[0]?.untouchable).toBe('child_record');
  });

  it('keeps data that does not fit as it came: an SRV record whose target was stored away', () => {
    expect(toRecordSets([answer({ type: 'SRV', content: '0 0 ', priority: 0 })], apex).recordSets[0]?.values).toEqual(['0 0 ']);
  });
});

describe('writing', () => {
  it.each([
    ['CNAME', 'target.example.net.', { content: 'target.example.net' }], ['ALIAS', 'target.example.net.', { content: 'target.example.net' }], ['MX', '0 .', { priority: 0, content: '.' }],
    ['MX', '10 mail.example.net.', { priority: 10, content: 'mail.example.net' }], ['SRV', '0 20 5060 sip.example.net.', { priority: 0, content: '20 5060 sip.example.net' }],
    ['HTTPS', '1 . alpn="h2,h3"', { content: '1 . alpn="h2,h3"' }], ['SVCB', '0 target.example.net.', { content: '0 target.example.net' }], ['CAA', '128 issue "ca.example.net"', { content: '128 issue "ca.example.net"' }],
    ['A', '192.0.2.1', { content: '192.0.2.1' }], ['TXT', '"a \\"b\\""', { content: '"a \\"b\\""' }],
  ])('%s %s without a final dot, and with its priority even where it is 0', (type, value, fields) => {
    expect(toFields(type, value)).toEqual(fields);
  });

  it('sends TXT in quotes and reads it again', () => {
    fc.assert(fc.property(fc.string({ minLength: 1, unit: 'grapheme-ascii', maxLength: 500 }), (text) => {
      const { content } = toFields('TXT', txtValue(text));
      expect(toRecordSets([answer({ type: 'TXT', content })], apex).recordSets[0]?.values).toEqual([txtValue(text)]);
    }));
  });
});

function answer(record: Partial<RecordAnswer>): RecordAnswer {
  return { id: 1, type: 'A', name: '', content: '192.0.2.1', ttl: 60, ...record };
}
