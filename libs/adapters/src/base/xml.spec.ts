import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { at, contentOf, escapeXml, parseXml } from './xml.js';

describe('XML of providers', () => {
  it('is read by local names, with entities and without comments', () => {
    const root = parseXml('\uFEFF<?xml version="1.0"?>\r\n<n:a x="1" n:y=\'&lt;"&#65;&#x42;&amp;\'><!-- <b/> --><b/>t<![CDATA[<c>]]></n:a>\n');

    expect(root).toEqual({ name: 'a', attributes: { x: '1', y: '<"AB&' }, children: [{ name: 'b', attributes: {}, children: [], text: '' }], text: 't<c>' });
    expect(at(root, 'b')?.name).toBe('b');
    expect(at(root, 'b', 'c')).toBeUndefined();
  });

  it.each([
    ['', 'nothing'], ['{"json":true}', 'JSON'], ['text', 'a text'], ['<!DOCTYPE html><html></html>', 'a page'], ['<a></a></a>', 'an end too many'], ['<a>', 'an open element'], ['<a></b>', 'a wrong end'], ['<a/><b/>', 'two documents'], ['<a x=1/>', 'an attribute without quotes'],
    ['<a>&unknown;</a>', 'an unknown entity'], ['<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', 'a document type'], ['<a b="<"/>', 'a tag in an attribute'], ['<a>&#x110000;</a>', 'a character that is none'],
    ['</a>', 'an end without a beginning'],
  ])('%s is refused (%s)', (text) => {
    expect(() => parseXml(text)).toThrow(expect.objectContaining({ code: 'provider_protocol', detail: 'the answer is not XML' }));
  });

  it('is content by names for a schema, without layout and attributes', () => {
    expect(contentOf(parseXml('<a x="1">\n  <b> 1 </b>\n  <c><d/></c>\n  <b>2</b>\n</a>'))).toEqual({ b: [' 1 ', '2'], c: [{ d: [''] }] });
  });

  it('gives back any text as it was escaped', () => {
    const odd = fc.constantFrom(`"v=spf1 <a> & 'b' ]]>" &amp; &#65;`, ' \u00fc\u{1f600}\\" ');

    fc.assert(fc.property(fc.oneof(fc.string(), odd), (text) => {
      expect(parseXml(`<a>${escapeXml(text)}</a>`).text).toBe(text);
    }));
  });
});
