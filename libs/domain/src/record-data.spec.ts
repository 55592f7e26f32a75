import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { recordValue, sameValue, txtBytes, txtStrings, txtText, txtValue, txtValueOfBytes } from './record-data.js';

describe('record data', () => {
  it.each([
    ['AAAA', '2001:0DB8:0:0::1', '2001:db8::1'],
    ['CNAME', 'Edge.Example.NET', 'edge.example.net.'],
    ['MX', '10  Mail.Example.com', '10 mail.example.com.'],
    ['MX', '0 .', '0 .'],
    ['SRV', '1 2 5060 .', '1 2 5060 .'],
    ['CAA', '0 Issue letsencrypt.org', '0 issue "letsencrypt.org"'],
    ['CAA', '128 iodef "mailto:a@example.com"', '128 iodef "mailto:a@example.com"'],
    ['TXT', 'plain "two words"', '"plain" "two words"'],
    ['HTTPS', '1 . alpn="h2"', '1 . alpn="h2"'],
    ['HTTPS', '1 . port=443 no-default-alpn alpn=h2,h3', '1 . alpn="h2,h3" no-default-alpn port="443"'],
    ['HTTPS', '0 Target.Example.NET.', '0 target.example.net.'],
    ['SVCB', '1 a. key667="a b" mandatory=port,alpn', '1 a. mandatory="alpn,port" key667="a b"'],
    ['TYPE65280', '\\# 1 00', '\\# 1 00'],
  ])('of %s %j becomes %j', (type, text, value) => {
    expect(recordValue(type, text)).toBe(value);
    expect(recordValue(type, value)).toBe(value);
  });

  it.each([['A', '1.2.3'], ['A', '1.2.3.04'], ['A', '1.2.3.256'], ['AAAA', '::g'], ['MX', 'mail.example.com'], ['MX', '70000 mail.example.com'], ['TXT', '"open'], ['CAA', '0 issue']])('of %s refuses %j', (type, text) => {
    expect(() => recordValue(type, text)).toThrow(expect.objectContaining({ code: 'record_invalid' }));
  });

  it('of TXT comes back octet for octet, whatever the octets', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 1500 }), (bytes) => {
      const value = txtValueOfBytes(bytes);

      expect(txtBytes(value).equals(Buffer.from(bytes))).toBe(true);
      expect(recordValue('TXT', value)).toBe(value);
      expect(txtStrings(value).every((string) => string.length <= 255)).toBe(true);
      expect(/^[\x20-\x7e]*$/.test(value)).toBe(true);
    }));
  });

  it('of TXT comes back as text, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
      expect(txtText(txtValue(text))).toBe(text);
    }));
  });

  it('of HTTPS is the same whatever the order and the quotes of its parameters', () => {
    expect(sameValue('HTTPS', '1 . port=443 alpn=h2,h3', '1 . alpn="h2,h3" port="443"')).toBe(true);
    expect(sameValue('HTTPS', '1 . alpn="h2,h3"', '1 . alpn="h3,h2"')).toBe(false);
  });

  it('of TXT is the same however its strings are split, and keeps the split in which it was read', () => {
    expect(sameValue('TXT', '"ab" "c"', '"abc"')).toBe(true);
    expect(recordValue('TXT', '"ab" "c"')).toBe('"ab" "c"');
  });
});
