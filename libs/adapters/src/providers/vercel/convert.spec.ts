import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ownerName, recordValue, txtValue, type RecordSet } from '@connect/domain';
import { toBody, toPatch, toRecordSets } from './convert.js';
import { RecordPage, type RecordAnswer } from './schema.js';

const apex = ownerName('example.com.');
const { records } = RecordPage.parse(JSON.parse(readFileSync(new URL('./__fixtures__/records.json', import.meta.url), 'utf8')));
const { recordSets, native } = toRecordSets(records, apex);
const found = (name: string, type: string): RecordSet | undefined => recordSets.find((set) => set.ownerName === name && set.type === type);

describe('reading', () => {
  it.each([
    ['localhost.example.com.', 'A', 60, ['127.0.0.1']], ['docs.example.com.', 'CNAME', 3_600, ['docs.example.com.']], ['example.com.', 'MX', 60, ['10 mail.example.net.']], ['_sip._tcp.example.com.', 'SRV', 60, ['10 20 5060 sip.example.net.']],
    ['example.com.', 'HTTPS', 60, ['1 . alpn="h2"']], ['_acme-challenge.fqdn.example.com.', 'TXT', 60, ['"challengetoken"']],
  ])('%s %s', (name, type, ttlSeconds, values) => {
    expect(found(name, type)).toMatchObject({ ttlSeconds, values });
  });

  it('leaves records of the system out', () => {
    expect(recordSets).toHaveLength(6);
    expect([...native.values()].flat().map((record) => record.native)).not.toContain('rec_000000000000000000000008');
  });

  it('takes the priority of an MX from either field, and keeps data that does not fit as it came', () => {
    expect(toRecordSets([answer({ type: 'MX', value: 'mail.example.net', priority: 5 })], apex).recordSets[0]?.values).toEqual(['5 mail.example.net.']);
    expect(toRecordSets([answer({ type: 'MX', value: 'mail.example.net' })], apex).recordSets[0]?.values).toEqual(['mail.example.net']);
  });
});

describe('writing', () => {
  it.each([
    ['CNAME', 'target.example.net.', { value: 'target.example.net.' }], ['MX', '10 mail.example.net.', { mxPriority: 10, value: 'mail.example.net.' }], ['SRV', '10 20 5060 sip.example.net.', { srv: { priority: 10, weight: 20, port: 5060, target: 'sip.example.net.' } }],
    ['HTTPS', '1 . alpn=h2,h3 port=443', { https: { priority: 1, target: '.', params: 'alpn="h2,h3" port="443"' } }], ['HTTPS', '0 target.example.net.', { https: { priority: 0, target: 'target.example.net.' } }], ['CAA', '0 issue "ca.example.net"', { value: '0 issue "ca.example.net"' }],
  ])('%s in the fields of its type', (type, value, fields) => {
    expect(toBody({ ownerName: ownerName('www.example.com.'), type }, recordValue(type, value), 60, apex)).toEqual({ type, name: 'www', ttl: 60, ...fields });
    expect(toPatch(type, recordValue(type, value), 60)).toEqual({ ttl: 60, ...fields });
  });

  it('calls the apex the empty name', () => {
    expect(toBody({ ownerName: apex, type: 'A' }, '192.0.2.1', 60, apex).name).toBe('');
    expect(toBody({ ownerName: ownerName('*.example.com.'), type: 'A' }, '192.0.2.1', 60, apex).name).toBe('*');
  });

  it('sends TXT raw and joined, and reads it again', () => {
    fc.assert(fc.property(fc.string({ minLength: 1, unit: 'grapheme-ascii', maxLength: 600 }), (text) => {
      expect(toPatch('TXT', txtValue(text), 60)).toEqual({ value: text, ttl: 60 });
      expect(toRecordSets([answer({ type: 'TXT', value: text })], apex).recordSets[0]?.values).toEqual([txtValue(text)]);
    }));
  });
});

function answer(record: Partial<RecordAnswer>): RecordAnswer {
  return { id: 'rec_1', type: 'A', name: '', value: '192.0.2.1', ttl: 60, creator: 'user_1', ...record };
}
