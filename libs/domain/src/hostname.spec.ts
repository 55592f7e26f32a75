import { describe, expect, it } from '@jest/globals';
import { parseHostname } from './hostname.js';

describe('a hostname', () => {
  it('is read with its registrable domain by the Public Suffix List', () => {
    expect(parseHostname('Shop.Example.co.uk')).toEqual({ ownerName: 'shop.example.co.uk.', apex: 'example.co.uk.', subdomain: 'shop', wildcard: false });
  });

  it('may be the apex, a wildcard, an underscore name or internationalised', () => {
    expect(parseHostname('example.com').subdomain).toBe('');
    expect(parseHostname('*.example.com')).toMatchObject({ ownerName: '*.example.com.', wildcard: true });
    expect(parseHostname('_acme-challenge.example.com').ownerName).toBe('_acme-challenge.example.com.');
    expect(parseHostname('bücher.example').ownerName).toBe('xn--bcher-kva.example.');
  });

  it.each([
    ['192.0.2.1', 'hostname_is_ip'],
    ['[2001:db8::1]', 'hostname_is_ip'],
    ['2001:db8::1', 'hostname_is_ip'],
    ['co.uk', 'public_suffix'],
    ['com', 'public_suffix'],
    ['https://example.com', 'not_a_domain'],
    ['example.com/path', 'not_a_domain'],
    ['', 'not_a_domain'],
    ['a..example.com', 'bad_label'],
    ['-a.example.com', 'bad_label'],
    ['a$b.example.com', 'bad_label'],
    [`${'a'.repeat(64)}.example.com`, 'bad_label'],
    [`${'a.'.repeat(130)}example.com`, 'hostname_too_long'],
    ['shop.*.example.com', 'bad_label'],
  ])('%j is refused with %s', (text, code) => {
    expect(() => parseHostname(text)).toThrow(expect.objectContaining({ code }));
  });
});
