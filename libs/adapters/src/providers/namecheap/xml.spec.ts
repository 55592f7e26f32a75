import { describe, expect, it } from '@jest/globals';
import { at, parseXml } from './xml.js';

describe('their XML', () => {
  it('is read by local names, with entities and without comments', () => {
    const root = parseXml('\uFEFF<?xml version="1.0"?>\r\n<n:a x="1" n:y=\'&lt;"&#65;&#x42;&amp;\'><!-- <b/> --><b/>t<![CDATA[<c>]]></n:a>\n');

    expect(root).toEqual({ name: 'a', attributes: { x: '1', y: '<"AB&' }, children: [{ name: 'b', attributes: {}, children: [], text: '' }], text: 't<c>' });
    expect(at(root, 'b')?.name).toBe('b');
    expect(at(root, 'b', 'c')).toBeUndefined();
  });

  it.each([
    ['', 'nothing'], ['{"json":true}', 'JSON'], ['<a>', 'an open element'], ['<a></b>', 'a wrong end'], ['<a/><b/>', 'two documents'], ['<a x=1/>', 'an attribute without quotes'],
    ['<a>&unknown;</a>', 'an unknown entity'], ['<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', 'a document type'], ['<a b="<"/>', 'a tag in an attribute'], ['<a>&#x110000;</a>', 'a character that is none'],
    ['</a>', 'an end without a beginning'],
  ])('%s is refused (%s)', (text) => {
    expect(() => parseXml(text)).toThrow('the answer is not XML');
  });
});
