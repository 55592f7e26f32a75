import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ownerName, recordValue, txtValue, type RecordSet } from '@connect/domain';
import { isPorkbunHost, toBody, toRecordSets } from './convert.js';
import { DomainAnswer, RecordAnswer, RecordList } from './schema.js';

const apex = ownerName('example.com.');
const { records } = RecordList.parse(JSON.parse(readFileSync(new URL('./__fixtures__/retrieve.json', import.meta.url), 'utf8')));
const { recordSets, native } = toRecordSets(records);
const found = (name: string, type: string): RecordSet | undefined => recordSets.find((set) => set.ownerName === name && set.type === type);

describe('reading', () => {
  it.each([
    ['localhost.example.com.', 'A', 3_600, ['127.0.0.1']], ['example.com.', 'ALIAS', 600, ['pixie.porkbun.com.']], ['*.example.com.', 'CNAME', 600, ['pixie.porkbun.com.']], ['example.com.', 'MX', 600, ['10 fwd1.porkbun.com.']],
    ['_sip._tcp.example.com.', 'SRV', 600, ['10 20 5060 sip.example.net.']], ['example.com.', 'TXT', 600, ['"v=spf1 include:_spf.porkbun.com ~all"']], ['example.com.', 'CAA', 600, ['0 issue "letsencrypt.org"']], ['example.com.', 'NS', 86_400, ['curitiba.ns.porkbun.com.']],
  ])('%s %s', (name, type, ttlSeconds, values) => {
    expect(found(name, type)).toMatchObject({ ttlSeconds, values });
  });

  it('knows id and notes of each record', () => {
    expect(native.get('example.com. TXT' as never)?.map((record) => record.native)).toEqual([{ id: '432480880', notes: 'mail' }]);
  });

  it('takes ids, TTLs, priorities and flags as strings and as numbers', () => {
    expect(RecordAnswer.parse({ id: 7, name: 'example.com', type: 'MX', content: 'mail.example.net', ttl: 600, prio: 5 })).toMatchObject({ id: '7', ttl: 600, prio: 5 });
    expect(RecordAnswer.parse({ id: '7', name: 'example.com', type: 'A', content: '192.0.2.1', ttl: '600', prio: '' }).prio).toBeNull();
    expect([1, '1', true, 'yes', 0, '0', false, 'no'].map((apiAccess) => DomainAnswer.parse({ domain: 'example.com', apiAccess }).apiAccess)).toEqual([true, true, true, true, false, false, false, false]);
  });

  it('keeps data that does not fit as it came', () => {
    expect(toRecordSets([answer({ type: 'MX', content: 'mail.example.net', prio: null })]).recordSets[0]?.values).toEqual(['mail.example.net']);
  });
});

describe('writing', () => {
  it.each([
    ['CNAME', 'target.example.net.', { content: 'target.example.net' }], ['ALIAS', 'target.example.net.', { content: 'target.example.net' }], ['NS', 'ns.example.net.', { content: 'ns.example.net' }],
    ['MX', '10 mail.example.net.', { prio: '10', content: 'mail.example.net' }], ['SRV', '10 20 5060 sip.example.net.', { prio: '10', content: '20 5060 sip.example.net' }],
    ['CAA', '0 issue "ca.example.net"', { content: '0 issue "ca.example.net"' }], ['HTTPS', '1 . alpn=h2', { content: '1 . alpn="h2"' }],
  ])('%s with a relative name, no final dot and the priority apart', (type, value, fields) => {
    expect(toBody({ ownerName: ownerName('www.example.com.'), type }, recordValue(type, value), 600, apex)).toEqual({ type, name: 'www', ttl: '600', ...fields });
  });

  it('always names the record: the apex is empty, and without a name an edit would move it there', () => {
    expect(toBody({ ownerName: apex, type: 'A' }, '192.0.2.1', 600, apex)).toEqual({ type: 'A', name: '', content: '192.0.2.1', ttl: '600' });
    expect(toBody({ ownerName: ownerName('*.example.com.'), type: 'A' }, '192.0.2.1', 600, apex, 'theirs')).toEqual({ type: 'A', name: '*', content: '192.0.2.1', ttl: '600', notes: 'theirs' });
  });

  it('sends TXT raw and in one piece, and reads it again', () => {
    fc.assert(fc.property(fc.string({ minLength: 1, unit: 'grapheme-ascii', maxLength: 600 }), (text) => {
      const { content } = toBody({ ownerName: apex, type: 'TXT' }, txtValue(text), 600, apex);
      expect(content).toBe(text);
      expect(toRecordSets([answer({ type: 'TXT', content })]).recordSets[0]?.values).toEqual([txtValue(text)]);
    }));
  });
});

it.each([['pixie.porkbun.com.', true], ['uixie.porkbun.com.', true], ['porkbun.com.example.net.', false], ['example.net.', false]])('%s belongs to Porkbun: %s', (host, is) => {
  expect(isPorkbunHost(host)).toBe(is);
});

function answer(record: Partial<RecordAnswer>): RecordAnswer {
  return { id: '1', type: 'A', name: 'example.com', content: '192.0.2.1', ttl: 600, prio: 0, ...record };
}
