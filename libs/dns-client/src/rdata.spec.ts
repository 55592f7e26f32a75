import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ownerName, recordValue, txtValueOfBytes } from '@connect/domain';
import { rdataOf, valueOfRdata, wireValue } from './rdata.js';

const label = fc.stringMatching(/^[a-z0-9_]([a-z0-9_-]{0,20}[a-z0-9_])?$/);
const name = fc.array(label, { minLength: 1, maxLength: 6 }).map((labels) => `${labels.join('.')}.`);
const u8 = fc.nat(0xff);
const u16 = fc.nat(0xffff);
const hex = fc.uint8Array({ minLength: 1, maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const joined = (...parts: fc.Arbitrary<unknown>[]): fc.Arbitrary<string> => fc.tuple(...parts).map((values) => values.join(' '));

const arbitraries: Record<string, fc.Arbitrary<string>> = {
  A: fc.ipV4(),
  AAAA: fc.ipV6(),
  NS: name, CNAME: name, PTR: name, DNAME: name,
  MX: joined(u16, name),
  SRV: joined(u16, u16, u16, name),
  TXT: fc.uint8Array({ maxLength: 900 }).map(txtValueOfBytes),
  CAA: joined(u8, fc.constantFrom('issue', 'issuewild', 'iodef'), fc.uint8Array({ maxLength: 40 }).map(txtValueOfBytes)),
  TLSA: joined(u8, u8, u8, hex),
  DS: joined(u16, u8, u8, hex),
  SSHFP: joined(u8, u8, hex),
  SOA: joined(name, name, fc.nat(), fc.nat(), fc.nat(), fc.nat(), fc.nat()),
  HTTPS: joined(u16, fc.oneof(name, fc.constant('.')), fc.subarray(['alpn="h3,h2"', 'port="8443"', 'ipv4hint="192.0.2.1,192.0.2.2"', 'ipv6hint="2001:db8::1"', 'no-default-alpn', 'key667="a\\032b"'])
    .map((parameters) => parameters.join(' '))).map((text) => text.trim()),
  TYPE65280: hex.map((text) => `\\# ${text.length / 2} ${text}`),
};

describe('record data', () => {
  it.each(Object.entries(arbitraries))('of type %s comes back from the wire in canonical form', (type, arbitrary) => {
    fc.assert(fc.property(arbitrary, (presentation) => {
      const value = wireValue(type, presentation);

      // HTTPS parameters come back sorted and quoted, which the domain does not ask for.
      if (type !== 'HTTPS') expect(value).toBe(recordValue(type, presentation));
      expect(recordValue(type, value)).toBe(value);
      expect(rdataOf(type, value).equals(rdataOf(type, presentation))).toBe(true);
    }), { numRuns: 60 });
  });

  it.each(Object.keys(arbitraries))('of type %s may be any octets: it is understood and comes back the same, or it is malformed', (type) => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (octets) => {
      const rdata = Buffer.from(octets);
      let value: string;
      try {
        value = valueOfRdata(type, rdata);
      } catch (error) {
        expect(error).toMatchObject({ code: 'malformed_answer' });
        return;
      }
      expect(recordValue(type, value)).toBe(value);
    }), { numRuns: 200 });
  });

  it.each([
    ['NAPTR', '100 10 "u" "E2U+sip" "!^.*$!sip:a@example.com!" .', '100 10 "u" "E2U+sip" "!^.*$!sip:a@example.com!" .'],
    ['URI', '10 1 "https://example.com/"', '10 1 "https://example.com/"'],
    ['CDS', '0 0 0 00', '0 0 0 00'],
    ['DNSKEY', '257 3 13 AQID', '257 3 13 AQID'],
    ['SSHFP', '4 2 ABCDEF', '4 2 abcdef'],
    ['DS', '12345 13 2 00AA bb', '12345 13 2 00aabb'],
    ['A', '\\# 4 c0000201', '192.0.2.1'],
    ['LOC', '\\# 2 0102', '\\# 2 0102'],
    ['TYPE65280', '\\# 0', '\\# 0'],
    ['HTTPS', '1 . port=443 alpn=h2,h3', '1 . alpn="h2,h3" port="443"'],
    ['HTTPS', '1 svc.example.net. key3="\\001\\187"', undefined],
    ['HTTPS', '0 Edge.Example.NET', '0 edge.example.net.'],
    ['SVCB', '1 a. mandatory=port,alpn alpn="f\\\\\\\\oo\\\\,bar,h2" port=1', '1 a. mandatory="alpn,port" alpn="f\\\\\\\\oo\\\\,bar,h2" port="1"'],
    ['SVCB', '1 a. dohpath="/q{?dns}" ech="AAE="', '1 a. ech="AAE=" dohpath="/q{?dns}"'],
    ['SVCB', '1 a. ipv6hint=2001:0DB8::0:1', '1 a. ipv6hint="2001:db8::1"'],
  ])('of %s %s is shown as %s', (type, presentation, shown) => {
    if (shown === undefined) expect(() => wireValue(type, presentation)).toThrow(expect.objectContaining({ code: 'record_invalid' }));
    else expect(wireValue(type, presentation)).toBe(shown);
  });

  it.each([
    ['ALIAS', 'a.example.'], ['LOC', '51 N 0 E 0m'], ['TLSA', '3 1 1 abc'], ['TYPE65280', '\\# 3 0102'], ['SVCB', '1 a. alpn=h2 alpn=h3'], ['SVCB', '1 a. port=70000'], ['SVCB', 'a.'],
    ['NAPTR', '1 1 "u" .'], ['SOA', 'a. b. 1 2 3 4'],
  ])('of %s %s is refused', (type, presentation) => {
    expect(() => wireValue(type, presentation)).toThrow(expect.objectContaining({ code: 'record_invalid' }));
  });

  it('keeps every octet of a strange name, and a dot inside a label is no separator', () => {
    const rdata = Buffer.from([5, 0x61, 0x2e, 0x00, 0xff, 0x42, 3, 0x6f, 0x72, 0x67, 0]);

    const value = valueOfRdata('CNAME', rdata);

    expect(value).toBe('a\\046\\000\\255b.org.');
    expect(ownerName(value)).toBe(value);
    expect(rdataOf('CNAME', value).toString('latin1')).toBe(rdata.toString('latin1').toLowerCase());
    expect(rdataOf('CNAME', 'a\\.b.org.').equals(rdataOf('CNAME', 'a\\046b.org.'))).toBe(true);
  });

  it('refuses names beyond what the wire can carry', () => {
    expect(() => rdataOf('CNAME', `${'a'.repeat(64)}.org.`)).toThrow(expect.objectContaining({ code: 'bad_label' }));
    expect(() => rdataOf('CNAME', `${'abcdefg.'.repeat(32)}`)).toThrow(expect.objectContaining({ code: 'hostname_too_long' }));
  });
});
