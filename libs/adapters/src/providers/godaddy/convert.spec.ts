import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { ownerName, recordValue, txtValue } from '@connect/domain';
import { identityOf, theirName, toBody, toRecord, type RecordBody } from './convert.js';
import { KeyRecordList, RecordPage, type RecordAnswer } from './schema.js';

const apex = ownerName('example.com.');
const lists = z.object({ key: KeyRecordList, token: RecordPage, token_empty: RecordPage }).parse(JSON.parse(readFileSync(new URL('./__fixtures__/list-records.json', import.meta.url), 'utf8')));
const read = (records: readonly RecordAnswer[]): string[] => records.map((record) => toRecord(record, apex)).map(({ ownerName: name, type, value }) => `${name} ${type} ${value}`);
const answer = (fields: Partial<RecordAnswer>): RecordAnswer => ({ name: '@', type: 'A', data: '192.0.2.1', ttl: 600, ...fields });

describe('reading', () => {
  it('v1', () => {
    expect(read(lists.key)).toEqual([
      'example.com. A Parked', 'example.com. NS ns01.domaincontrol.com.', 'www.example.com. CNAME example.com.', '_domainconnect.example.com. CNAME _domainconnect.gd.domaincontrol.com.',
      'example.com. MX 10 mail.example.net.', '_sip._tcp.example.com. SRV 10 20 5060 sip.example.net.', '_sip._tls.team.example.com. SRV 0 0 5061 sip.example.net.',
      '_acme-challenge.example.com. TXT " "', 'example.com. TXT "v=spf1 -all"',
    ]);
  });

  it('v3', () => {
    expect(read(lists.token.items)).toEqual([
      'example.com. A 192.0.2.1', 'example.com. MX 10 mail.example.net.', '_sip._tcp.example.com. SRV 10 20 5060 sip.example.net.', 'example.com. CAA 0 issue "ca.example.net"', 'shop.example.com. TXT "v=DKIM1; k=rsa; p=MIGfMA0G"',
    ]);
  });

  it.each([
    ['an SRV record whose name holds the service as well', answer({ type: 'SRV', name: '_sip._tcp', service: '_sip', protocol: '_tcp', data: 'a.example.net', priority: 1, weight: 2, port: 3 }), '_sip._tcp.example.com. SRV 1 2 3 a.example.net.'],
    ['an SRV record whose service has no underscore', answer({ type: 'SRV', service: 'sip', protocol: 'tcp', data: 'a.example.net', priority: 1, weight: 2, port: 3 }), '_sip._tcp.example.com. SRV 1 2 3 a.example.net.'],
    ['a CAA record as in a zone file', answer({ type: 'CAA', data: '0 issue "ca.example.net"' }), 'example.com. CAA 0 issue "ca.example.net"'],
    ['TXT in quotes', answer({ type: 'TXT', data: '"in quotes"' }), 'example.com. TXT "in quotes"'],
    ['TXT that is one quote', answer({ type: 'TXT', data: '"' }), 'example.com. TXT "\\""'],
    ['data that does not fit', answer({ type: 'MX', data: '' }), 'example.com. MX '],
  ])('%s', (_, record, text) => {
    expect(read([record])).toEqual([text]);
  });
});

describe('writing', () => {
  it.each([
    ['www', 'CNAME', 'target.example.net.', { name: 'www', data: 'target.example.net.' }],
    ['', 'MX', '10 mail.example.net.', { name: '@', priority: 10, data: 'mail.example.net.' }],
    ['_sip._tcp', 'SRV', '10 20 5060 sip.example.net.', { name: '@', service: '_sip', protocol: '_tcp', priority: 10, weight: 20, port: 5060, data: 'sip.example.net.' }],
    ['_sip._tcp.team', 'SRV', '10 20 5060 sip.example.net.', { name: 'team', service: '_sip', protocol: '_tcp', priority: 10, weight: 20, port: 5060, data: 'sip.example.net.' }],
    ['', 'CAA', '128 issue "ca.example.net; account=1"', { name: '@', flag: 128, tag: 'issue', data: 'ca.example.net; account=1' }],
  ])('%s %s %s', (name, type, value, fields) => {
    const set = { ownerName: ownerName(name === '' ? 'example.com.' : `${name}.example.com.`), type };
    expect(toBody(set, recordValue(type, value), 600, apex, 'with_dot')).toEqual({ type, ttl: 600, ...fields });
  });

  it('v1 gets host names without the final dot', () => {
    expect(toBody({ ownerName: apex, type: 'MX' }, '10 mail.example.net.', 600, apex, 'without_dot').data).toBe('mail.example.net');
  });

  it('the name of an SRV record goes without service and protocol', () => {
    expect([theirName({ ownerName: ownerName('_sip._tcp.example.com.'), type: 'SRV' }, apex), theirName({ ownerName: ownerName('_sip._tcp.example.com.'), type: 'TXT' }, apex)]).toEqual(['@', '_sip._tcp']);
  });

  it('sends TXT raw and joined, and reads it again', () => {
    fc.assert(fc.property(fc.string({ minLength: 1, unit: 'grapheme-ascii', maxLength: 512 }).filter((text) => !text.includes('"')), (text) => {
      const body: RecordBody = toBody({ ownerName: apex, type: 'TXT' }, txtValue(text), 600, apex, 'with_dot');
      expect(body.data).toBe(text);
      expect(toRecord(answer({ type: 'TXT', data: body.data }), apex).value).toBe(txtValue(text));
    }));
  });
});

it('a record is told apart by name, type and data: host names in any case and with or without a dot, texts as they are', () => {
  const identity = (type: string, data: string): string => identityOf({ type, name: 'Mail', data });
  expect([identity('MX', 'Mail.example.net.') === identity('MX', 'mail.example.net'), identity('TXT', 'Token') === identity('TXT', 'token')]).toEqual([true, false]);
});
