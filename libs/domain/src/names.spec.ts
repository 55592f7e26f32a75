import { describe, expect, it } from '@jest/globals';
import { absoluteName, isWithin, labelsOf, ownerName, relativeName, suffixesOf } from './names.js';

describe('owner names', () => {
  it('are absolute and lower case in one form', () => {
    expect(ownerName('WWW.Example.com')).toBe('www.example.com.');
    expect(ownerName('www.example.com.')).toBe('www.example.com.');
  });

  it('keep an escaped dot inside its label', () => {
    expect(labelsOf(ownerName('a\\.b.example.'))).toEqual(['a\\.b', 'example']);
  });

  it('refuse an empty label, a label over 63 octets and a name over 253', () => {
    expect(() => ownerName('a..b.')).toThrow(expect.objectContaining({ code: 'bad_label' }));
    expect(() => ownerName(`${'a'.repeat(64)}.example`)).toThrow(expect.objectContaining({ code: 'bad_label' }));
    expect(() => ownerName(`${'a.'.repeat(127)}b`)).toThrow(expect.objectContaining({ code: 'hostname_too_long' }));
  });

  it('do not take a sibling with the same ending for a child', () => {
    expect(isWithin(ownerName('notexample.com'), ownerName('example.com'))).toBe(false);
    expect(isWithin(ownerName('a.example.com'), ownerName('example.com'))).toBe(true);
  });

  it('go to the relative form and back', () => {
    const zone = ownerName('example.com');

    expect(relativeName(ownerName('a.b.example.com'), zone)).toBe('a.b');
    expect(relativeName(zone, zone)).toBe('');
    expect(absoluteName('', zone)).toBe(zone);
    expect(() => relativeName(ownerName('example.org'), zone)).toThrow(expect.objectContaining({ code: 'name_out_of_zone' }));
  });

  it('list their suffixes longest first', () => {
    expect(suffixesOf(ownerName('a.b.c'))).toEqual(['a.b.c.', 'b.c.', 'c.']);
  });
});
