import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { ownerName, recordValue, txtValue, type RecordSet } from '@connect/domain';
import { siteRecordAt, toBody, toRecordSets } from './convert.js';
import { RecordList, type RecordAnswer } from './schema.js';

const apex = ownerName('example.org.');
const { records } = z.object({ records: RecordList }).parse(JSON.parse(readFileSync(new URL('./__fixtures__/list-records.json', import.meta.url), 'utf8')));
const { recordSets, native } = toRecordSets(records);
const found = (name: string, type: string): RecordSet | undefined => recordSets.find((set) => set.ownerName === name && set.type === type);

describe('reading', () => {
  it.each([
    ['test.example.org.', 'TXT', ['"txtxtxt"']], ['example.org.', 'MX', ['10 mail.example.net.']], ['mx.example.org.', 'MX', ['0 mail.example.net.']], ['docs.example.org.', 'CNAME', ['docs.example.net.']],
    ['_sip._tcp.example.org.', 'SRV', ['10 20 5060 sip.example.net.']], ['_xmpp._tcp.example.org.', 'SRV', ['10 20 5222 xmpp.example.net.']], ['example.org.', 'CAA', ['0 issue "letsencrypt.org"']],
    ['alias.example.org.', 'ALIAS', ['target.example.net.']],
  ])('%s %s', (name, type, values) => {
    expect(found(name, type)?.values).toEqual(values);
  });

  it('a record without a TTL has that of Netlify', () => {
    expect(found('mx.example.org.', 'MX')?.ttlSeconds).toBe(3_600);
  });

  it('what a site answers with is untouchable, also where nothing says that it is managed', () => {
    expect([found('example.org.', 'NETLIFY')?.untouchable, found('www.example.org.', 'NETLIFYv6')?.untouchable, found('example.org.', 'MX')?.untouchable]).toEqual(['managed_record', 'managed_record', undefined]);
    expect([siteRecordAt(apex, recordSets)?.type, siteRecordAt(ownerName('docs.example.org.'), recordSets)]).toEqual(['NETLIFY', null]);
  });

  it('knows the id of each record', () => {
    expect(native.get('docs.example.org. CNAME' as never)?.map((record) => record.native)).toEqual(['6b4764216f272872ac0ff709']);
  });

  it('keeps data that does not fit as it came', () => {
    expect(toRecordSets([answer({ type: 'MX', value: 'not a host', priority: -1 })]).recordSets[0]?.values).toEqual(['not a host']);
  });
});

describe('writing', () => {
  it.each([
    ['CNAME', 'target.example.net.', { value: 'target.example.net' }], ['MX', '10 mail.example.net.', { priority: 10, value: 'mail.example.net' }], ['NS', 'ns.example.net.', { value: 'ns.example.net' }],
    ['SRV', '10 20 5060 sip.example.net.', { priority: 10, weight: 20, port: 5060, value: 'sip.example.net' }], ['CAA', '128 issue "ca.example.net; a=b"', { flag: 128, tag: 'issue', value: 'ca.example.net; a=b' }],
    ['ALIAS', 'target.example.net.', { value: 'target.example.net' }],
  ])('%s with the full host name and no final dots', (type, value, fields) => {
    expect(toBody({ ownerName: ownerName('www.example.org.'), type }, recordValue(type, value), 300)).toEqual({ type, hostname: 'www.example.org', ttl: 300, ...fields });
  });

  it('the apex has a host name, too', () => {
    expect(toBody({ ownerName: apex, type: 'A' }, '192.0.2.1', 300)).toEqual({ type: 'A', hostname: 'example.org', ttl: 300, value: '192.0.2.1' });
  });

  it('sends TXT raw and joined, and reads it again', () => {
    fc.assert(fc.property(fc.string({ minLength: 1, unit: 'grapheme-ascii', maxLength: 766 }), (text) => {
      const { value } = toBody({ ownerName: apex, type: 'TXT' }, txtValue(text), 300);
      expect(value).toBe(text);
      expect(toRecordSets([answer({ type: 'TXT', value })]).recordSets[0]?.values).toEqual([txtValue(text)]);
    }));
  });
});

function answer(record: Partial<RecordAnswer>): RecordAnswer {
  return { id: 'a', type: 'A', hostname: 'example.org', value: '192.0.2.1', ttl: 300, ...record };
}
