import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ownerName, recordValue, txtValue, type RecordSet } from '@connect/domain';
import { toFields, toRecordSets } from './convert.js';
import { RecordPage, type RecordAnswer } from './schema.js';

const apex = ownerName('example.com.');
const page = RecordPage.parse(JSON.parse(readFileSync(new URL('./__fixtures__/list-records.json', import.meta.url), 'utf8')));
const { recordSets, native } = toRecordSets(page.data, apex, 7_200);
const found = (name: string, type: string): RecordSet | undefined => recordSets.find((set) => set.ownerName === name && set.type === type);

describe('reading', () => {
  it.each([
    ['www.example.com.', 'A', ['192.0.2.1']], ['example.com.', 'MX', ['10 mail.example.net.']], ['sub.example.com.', 'MX', ['0 .']], ['shop.example.com.', 'CNAME', ['target.example.net.']],
    ['_sip._tcp.example.com.', 'SRV', ['10 20 5060 sip.example.net.']], ['example.com.', 'CAA', ['0 issue "letsencrypt.org"']], ['delete.testfilt.example.com.', 'TXT', ['"challengetoken"']],
  ])('%s %s', (name, type, values) => {
    expect(found(name, type)?.values).toEqual(values);
  });

  it('takes the TTL 0 for that of the zone, and 0 there for a day', () => {
    expect(found('example.com.', 'MX')?.ttlSeconds).toBe(7_200);
    expect(toRecordSets(page.data, apex, 0).recordSets.find(({ type }) => type === 'MX')?.ttlSeconds).toBe(86_400);
  });

  it('counts copies once, and knows the id of each', () => {
    expect(found('delete.testfilt.example.com.', 'TXT')?.values).toHaveLength(1);
    expect(native.get('delete.testfilt.example.com. TXT' as never)?.map((record) => record.native)).toEqual([123454, 123455]);
  });

  it('keeps data that does not fit as it came', () => {
    expect(toRecordSets([answer({ type: 'MX', target: 'mail.example.net', priority: null })], apex, 0).recordSets[0]?.values).toEqual(['mail.example.net']);
  });
});

describe('writing', () => {
  it.each([
    ['www', 'CNAME', 'target.example.net.', { name: 'www', target: 'target.example.net.' }], ['www', 'MX', '10 mail.example.net.', { name: 'www', priority: 10, target: 'mail.example.net.' }],
    ['_sip._tcp', 'SRV', '10 20 5060 sip.example.net.', { service: 'sip', protocol: 'tcp', priority: 10, weight: 20, port: 5060, target: 'sip.example.net.' }],
    ['www', 'CAA', '0 issue "ca.example.net"', { name: 'www', tag: 'issue', target: 'ca.example.net' }], ['*', 'A', '192.0.2.1', { name: '*', target: '192.0.2.1' }],
  ])('%s %s has the fields of its type and no others', (name, type, value, fields) => {
    expect(toFields({ ownerName: ownerName(`${name}.example.com.`), type }, recordValue(type, value), 300, apex)).toEqual({ ttl_sec: 300, ...fields });
  });

  it('calls the apex by nothing', () => {
    expect(toFields({ ownerName: apex, type: 'A' }, '192.0.2.1', 300, apex).name).toBe('');
  });

  it.each(['sip', '_sip._tcp.sub', '_sip'])('has no room for an SRV record at %s', (name) => {
    expect(() => toFields({ ownerName: ownerName(`${name}.example.com.`), type: 'SRV' }, '10 20 5060 sip.example.net.', 300, apex)).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });

  it('sends TXT raw and joined, and reads it again', () => {
    fc.assert(fc.property(fc.string({ minLength: 1, unit: 'grapheme-ascii', maxLength: 600 }), (text) => {
      const { target } = toFields({ ownerName: apex, type: 'TXT' }, txtValue(text), 300, apex);
      expect(target).toBe(text);
      expect(toRecordSets([answer({ type: 'TXT', target })], apex, 0).recordSets[0]?.values).toEqual([txtValue(text)]);
    }));
  });
});

function answer(record: Partial<RecordAnswer>): RecordAnswer {
  return { id: 1, type: 'A', name: '', target: '192.0.2.1', ttl_sec: 300, ...record };
}
