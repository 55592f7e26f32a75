import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ownerName, recordValue, txtValue, type RecordSet } from '@connect/domain';
import { toFields, toRecordSets } from './convert.js';
import { RecordPage, type RecordAnswer } from './schema.js';

const apex = ownerName('example.com.');
const page = RecordPage.parse(JSON.parse(readFileSync(new URL('./__fixtures__/list-records.json', import.meta.url), 'utf8')));
const { recordSets, native } = toRecordSets(page.records, apex);
const found = (name: string, type: string): RecordSet | undefined => recordSets.find((set) => set.ownerName === name && set.type === type);

describe('reading', () => {
  it.each([
    ['example.com.', 'NS', ['ns1.vultr.com.']], ['docs.example.com.', 'CNAME', ['docs.example.com.']], ['_acme-challenge.fqdn.example.com.', 'TXT', ['"challengetoken"', '"a \\\\ means itself"']],
    ['example.com.', 'MX', ['10 mail.example.net.']], ['nomail.example.com.', 'MX', ['0 .']], ['_sip._tcp.example.com.', 'SRV', ['10 20 5060 sip.example.net.']], ['_none._tcp.example.com.', 'SRV', ['0 0 0 .']],
    ['example.com.', 'CAA', ['0 issue "letsencrypt.org"']], ['host.example.com.', 'SSHFP', ['4 2 123456789abcdef67890123456789abcdef67890123456789abcdef123456789']],
    ['idn.example.com.', 'CNAME', ['xn--bcher-kva.example.net.']],
  ])('%s %s', (name, type, values) => {
    expect(found(name, type)?.values).toEqual(values);
  });

  it('knows the id of each record', () => {
    expect(native.get('docs.example.com. CNAME' as never)?.map((record) => record.native)).toEqual(['a15297f8-4050-41e5-8b6f-e31fca44ba02']);
  });

  it.each(['', '@'])('takes the name "%s" for the apex', (name) => {
    expect(toRecordSets([answer({ name })], apex).recordSets[0]?.ownerName).toBe(apex);
  });

  it('keeps data that does not fit as it came', () => {
    expect(toRecordSets([answer({ type: 'MX', data: 'mail.example.net', priority: -1 })], apex).recordSets[0]?.values).toEqual(['mail.example.net']);
  });
});

describe('writing', () => {
  it.each([
    ['CNAME', 'target.example.net.', { data: 'target.example.net' }], ['MX', '10 mail.example.net.', { priority: 10, data: 'mail.example.net' }], ['NS', 'ns.example.net.', { data: 'ns.example.net' }],
    ['SRV', '10 20 5060 sip.example.net.', { priority: 10, data: '20 5060 sip.example.net' }], ['SRV', '0 0 0 .', { priority: 0, data: '0 0 .' }], ['CAA', '128 issue "ca.example.net"', { data: '128 issue "ca.example.net"' }],
  ])('%s %s without the final dot', (type, value, fields) => {
    expect(toFields({ ownerName: ownerName('www.example.com.'), type }, recordValue(type, value), 300, apex)).toEqual({ name: 'www', ttl: 300, ...fields });
  });

  it('sends an empty name for the apex', () => {
    expect(toFields({ ownerName: apex, type: 'A' }, '192.0.2.1', 300, apex)).toEqual({ name: '', ttl: 300, data: '192.0.2.1' });
  });

  it('sends TXT raw and joined within one pair of quotes, and reads it again', () => {
    fc.assert(fc.property(fc.string({ minLength: 1, unit: 'grapheme-ascii', maxLength: 766 }), (text) => {
      const { data } = toFields({ ownerName: apex, type: 'TXT' }, txtValue(text), 300, apex);
      expect(data).toBe(`"${text}"`);
      expect(toRecordSets([answer({ type: 'TXT', data })], apex).recordSets[0]?.values).toEqual([txtValue(text)]);
    }));
  });
});

function answer(record: Partial<RecordAnswer>): RecordAnswer {
  return { id: 'a', type: 'A', name: '', data: '192.0.2.1', ttl: 300, priority: 0, ...record };
}
