import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ownerName, recordValue, txtValue, type RecordSet } from '@connect/domain';
import { inUrl, toBody, toRecordSets } from './convert.js';
import { RecordPage, type RecordAnswer } from './schema.js';

const apex = ownerName('example.com.');
const page = RecordPage.parse(JSON.parse(readFileSync(new URL('./__fixtures__/list-records.json', import.meta.url), 'utf8')));
const { recordSets, native } = toRecordSets(page.domain_records, apex);
const found = (name: string, type: string): RecordSet | undefined => recordSets.find((set) => set.ownerName === name && set.type === type);

describe('reading', () => {
  it.each([
    ['example.com.', 'NS', ['ns1.digitalocean.com.']], ['example.com.', 'MX', ['10 mail.example.net.']], ['_sip._tcp.example.com.', 'SRV', ['10 20 5060 sip.example.net.']],
    ['example.com.', 'CAA', ['0 issue "letsencrypt.org"']], ['delete.testfilt.example.com.', 'TXT', ['"challengetoken"']],
  ])('%s %s', (name, type, values) => {
    expect(found(name, type)?.values).toEqual(values);
  });

  it('takes `@` in the data for the apex', () => {
    expect(found('www.example.com.', 'CNAME')?.values).toEqual(['example.com.']);
  });

  it('counts copies once, and knows the id of each', () => {
    expect(found('delete.testfilt.example.com.', 'TXT')?.values).toHaveLength(1);
    expect(native.get('delete.testfilt.example.com. TXT' as never)?.map((record) => record.native)).toEqual([92264290, 92264291]);
  });
});

describe('writing', () => {
  it.each([
    ['CNAME', 'target.example.net.', { data: 'target.example.net.' }], ['MX', '10 mail.example.net.', { priority: 10, data: 'mail.example.net.' }],
    ['SRV', '10 20 5060 sip.example.net.', { priority: 10, weight: 20, port: 5060, data: 'sip.example.net.' }], ['CAA', '128 issue "ca.example.net"', { flags: 128, tag: 'issue', data: 'ca.example.net.' }],
    ['CAA', '0 iodef "mailto:ca@example.net"', { flags: 0, tag: 'iodef', data: 'mailto:ca@example.net' }], ['NS', 'ns.example.net.', { data: 'ns.example.net.' }],
  ])('%s with the final dot that the API insists on', (type, value, fields) => {
    expect(toBody({ ownerName: ownerName('www.example.com.'), type }, recordValue(type, value), 60, apex)).toEqual({ type, name: 'www', ttl: 60, ...fields });
  });

  it('calls the apex `@`, and leaves the final dot out of paths and filters', () => {
    expect(toBody({ ownerName: apex, type: 'A' }, '192.0.2.1', 60, apex).name).toBe('@');
    expect(inUrl(ownerName('*.example.com.'))).toBe('*.example.com');
  });

  it('sends TXT raw and joined, and reads it again', () => {
    fc.assert(fc.property(fc.string({ minLength: 1, unit: 'grapheme-ascii', maxLength: 500 }), (text) => {
      const { data } = toBody({ ownerName: apex, type: 'TXT' }, txtValue(text), 60, apex);
      expect(data).toBe(text);
      expect(toRecordSets([answer({ type: 'TXT', data })], apex).recordSets[0]?.values).toEqual([txtValue(text)]);
    }));
  });
});

it('keeps data that does not fit as it came', () => {
  expect(toRecordSets([answer({ type: 'MX', data: 'mail.example.net', priority: null })], apex).recordSets[0]?.values).toEqual(['mail.example.net']);
});

function answer(record: Partial<RecordAnswer>): RecordAnswer {
  return { id: 1, type: 'A', name: '@', data: '192.0.2.1', ttl: 60, ...record };
}
