import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { ownerName, recordValue, txtValue, type RecordSet } from '@connect/domain';
import { toBody, toRecordSets } from './convert.js';
import { RecordPage, type RecordAnswer } from './schema.js';

const apex = ownerName('example.com.');
const pages = z.object({ core: RecordPage, v4: RecordPage, v4_empty: RecordPage }).parse(JSON.parse(readFileSync(new URL('./__fixtures__/list-records.json', import.meta.url), 'utf8')));
const { recordSets, native } = toRecordSets(pages.core.records, apex);
const found = (name: string, type: string, sets = recordSets): RecordSet | undefined => sets.find((set) => set.ownerName === name && set.type === type);

describe('reading', () => {
  it.each([
    ['_acme.example.com.', 'TXT', ['"value"']], ['example.com.', 'MX', ['10 mail.example.net.']], ['example.com.', 'ALIAS', ['target.example.net.']],
    ['_sip._tcp.example.com.', 'SRV', ['10 20 5060 sip.example.net.']], ['*.preview.example.com.', 'CNAME', ['preview.example.net.']],
  ])('%s %s', (name, type, values) => {
    expect(found(name, type)?.values).toEqual(values);
  });

  it('v4 leaves out the host of the apex and a priority of 0', () => {
    const { recordSets: sets } = toRecordSets(pages.v4.records, apex);
    expect([found('example.com.', 'A', sets)?.values, found('mail.example.com.', 'MX', sets)?.values]).toEqual([['192.0.2.1'], ['0 mail.example.net.']]);
  });

  it('an empty zone of v4 is an empty object, and anything else without records is no page', () => {
    expect(pages.v4_empty.records).toEqual([]);
    expect(RecordPage.safeParse({ unexpected: true }).success).toBe(false);
  });

  it('knows the id of each record', () => {
    expect(native.get('example.com. ALIAS' as never)?.map((record) => record.native)).toEqual([178073545]);
  });

  it('keeps data that does not fit as it came', () => {
    expect(toRecordSets([answer({ type: 'SRV', answer: 'odd', priority: 1 })], apex).recordSets[0]?.values).toEqual(['odd']);
  });
});

describe('writing', () => {
  it.each([
    ['CNAME', 'target.example.net.', { type: 'CNAME', answer: 'target.example.net' }], ['ALIAS', 'target.example.net.', { type: 'ANAME', answer: 'target.example.net' }], ['NS', 'ns.example.net.', { type: 'NS', answer: 'ns.example.net' }],
    ['MX', '10 mail.example.net.', { type: 'MX', priority: 10, answer: 'mail.example.net' }], ['SRV', '10 20 5060 sip.example.net.', { type: 'SRV', priority: 10, answer: '20 5060 sip.example.net' }],
  ])('%s without the final dot', (type, value, fields) => {
    expect(toBody({ ownerName: ownerName('www.example.com.'), type }, recordValue(type, value), 300, apex)).toEqual({ host: 'www', ttl: 300, ...fields });
  });

  it('sends an empty host for the apex', () => {
    expect(toBody({ ownerName: apex, type: 'A' }, '192.0.2.1', 300, apex)).toEqual({ type: 'A', host: '', ttl: 300, answer: '192.0.2.1' });
  });

  it('sends TXT raw and joined, and reads it again', () => {
    fc.assert(fc.property(fc.string({ minLength: 1, unit: 'grapheme-ascii', maxLength: 500 }), (text) => {
      const body = toBody({ ownerName: apex, type: 'TXT' }, txtValue(text), 300, apex);
      expect(body.answer).toBe(text);
      expect(toRecordSets([answer({ type: 'TXT', answer: body.answer })], apex).recordSets[0]?.values).toEqual([txtValue(text)]);
    }));
  });
});

function answer(record: Partial<RecordAnswer>): RecordAnswer {
  return { id: 1, host: '', type: 'A', answer: '192.0.2.1', ttl: 300, ...record };
}
