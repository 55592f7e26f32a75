import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ownerName, recordValue, txtValue, type RecordSet } from '@connect/domain';
import { retimed, toFields, toNewRecord, toRecordSets } from './convert.js';
import { CustomerZone, type RecordAnswer } from './schema.js';

const { records } = CustomerZone.parse(JSON.parse(readFileSync(new URL('./__fixtures__/zone.json', import.meta.url), 'utf8')));
const { recordSets, native } = toRecordSets(records);
const found = (name: string, type: string): RecordSet | undefined => recordSets.find((set) => set.ownerName === name && set.type === type);
const www = ownerName('www.example.com.');

describe('reading', () => {
  it.each([
    ['example.com.', 'MX', ['10 mx00.ionos.de.']], ['example.com.', 'AAAA', ['2001:8d8:100f:f000::2aa']], ['example.com.', 'NS', ['ns1016.ui-dns.com.']], ['example.com.', 'CAA', ['0 issue "letsencrypt.org"']],
    ['_domainconnect.example.com.', 'CNAME', ['_domainconnect.1and1.com.']], ['_acme-challenge.example.com.', 'TXT', ['"challengetoken"']], ['split.example.com.', 'TXT', ['"first " "second"']],
    ['_sip._tcp.example.com.', 'SRV', ['10 20 5060 sip.example.net.']], ['_xmpp._tcp.example.com.', 'SRV', ['10 20 5222 xmpp.example.net.']],
  ])('%s %s', (name, type, values) => {
    expect(found(name, type)?.values).toEqual(values);
  });

  it('a record that is disabled is not there', () => {
    expect(found('off.example.com.', 'A')).toBeUndefined();
  });

  it('knows the id and the content of each record as they came', () => {
    expect(native.get('_acme-challenge.example.com. TXT' as never)?.map((record) => record.native)).toEqual([{ id: '00000000-0000-4000-8000-000000000007', content: '"challengetoken"', prio: undefined }]);
  });

  it.each([['raw text', '"raw text"'], ['"unpaired', '"\\"unpaired"'], ['', '""']])('TXT %j without its quotes is text', (content, value) => {
    expect(toRecordSets([answer({ type: 'TXT', content })]).recordSets[0]?.values).toEqual([value]);
  });

  it.each([['MX', 'not a host'], ['SRV', '5060'], ['A', 'nowhere']])('%s data that does not fit is kept as it came', (type, content) => {
    expect(toRecordSets([answer({ type, content })]).recordSets[0]?.values).toEqual([content]);
  });
});

describe('writing', () => {
  it.each([
    ['CNAME', 'target.example.net.', { content: 'target.example.net' }], ['MX', '10 mail.example.net.', { prio: 10, content: 'mail.example.net' }], ['SRV', '10 20 5060 sip.example.net.', { prio: 10, content: '20 5060 sip.example.net' }],
    ['CAA', '0 issue "ca.example.net"', { content: '0 issue "ca.example.net"' }], ['TXT', '"v=spf1 -all"', { content: 'v=spf1 -all' }], ['AAAA', '2001:db8::1', { content: '2001:db8::1' }],
  ])('%s without final dots and quotes, to be served', (type, value, fields) => {
    expect(toFields(type, recordValue(type, value), 300)).toEqual({ ttl: 300, disabled: false, ...fields });
  });

  it('a name goes in full, without a final dot', () => {
    expect([toNewRecord({ ownerName: www, type: 'A' }, '192.0.2.1', 300).name, toNewRecord({ ownerName: ownerName('example.com.'), type: 'A' }, '192.0.2.1', 300).name]).toEqual(['www.example.com', 'example.com']);
  });

  it('where only the TTL changes the content goes back as it came', () => {
    expect(retimed({ id: 'a', content: '"first " "second"', prio: undefined }, 600)).toEqual({ content: '"first " "second"', ttl: 600, disabled: false });
    expect(retimed({ id: 'a', content: 'mx00.ionos.de', prio: 10 }, 600)).toEqual({ content: 'mx00.ionos.de', ttl: 600, prio: 10, disabled: false });
  });

  it('sends TXT raw, and reads it again from its quotes, joined or in strings of 255', () => {
    fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 512, unit: fc.constantFrom(...'abcXYZ019 =;:+/@-') }), (text) => {
      const { content } = toFields('TXT', txtValue(text), 300);
      expect(content).toBe(text);
      for (const read of [`"${text}"`, (text.match(/.{1,255}/g) ?? []).map((each) => `"${each}"`).join(' ')]) {
        expect(toRecordSets([answer({ type: 'TXT', content: read })]).recordSets[0]?.values).toEqual([txtValue(text)]);
      }
    }));
  });
});

function answer(record: Partial<RecordAnswer>): RecordAnswer {
  return { id: 'a', type: 'A', name: 'example.com', content: '192.0.2.1', ttl: 300, ...record };
}
