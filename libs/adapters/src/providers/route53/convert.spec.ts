import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ownerName, recordSetKey, recordValue, txtValue, txtValueOfBytes, type Change, type RecordSet } from '@connect/domain';
import { contentOf, parseXml } from '../../base/index.js';
import { batchXml, toBatches, toRecordSets, toTheirValue } from './convert.js';
import { fromTheirName, fromTheirStrings, toTheirName, toTheirStrings } from './names.js';
import { ListResourceRecordSetsResponse, type ResourceRecordSet } from './schema.js';

const content = contentOf(parseXml(readFileSync(new URL('./__fixtures__/list-resource-record-sets.xml', import.meta.url), 'utf8')));
const listed = ListResourceRecordSetsResponse.parse(content);
const read = toRecordSets(listed.ResourceRecordSets);
const found = (name: string, type: string): RecordSet | undefined => read.recordSets.find((set) => set.ownerName === name && set.type === type);

describe('names', () => {
  it.each([
    ['\\052.example.com.', '*.example.com.'],
    ['info\\100.example.com.', 'info@.example.com.'],
    ['a\\057b.example.com.', 'a/b.example.com.'],
    ['two\\056labels.example.com.', 'two\\046labels.example.com.'],
    ['back\\134slash.example.com.', 'back\\092slash.example.com.'],
    ['\\303\\274.example.com.', '\\195\\188.example.com.'],
    ['_dmarc.example.com.', '_dmarc.example.com.'],
  ])('reads %s with octal escapes as %s', (theirs, ours) => {
    expect(fromTheirName(theirs)).toBe(ours);
    expect(fromTheirName(toTheirName(ownerName(ours)))).toBe(ours);
  });

  it('sends the `*` of a wildcard raw, and anything else unusual in octal', () => {
    expect(toTheirName(ownerName('*.example.com.'))).toBe('*.example.com.');
    expect(toTheirName(ownerName('info@.example.com.'))).toBe('info\\100.example.com.');
    expect(toTheirName(ownerName('a.*.example.com.'))).toBe('a.\\052.example.com.');
  });

  it('gives back every octet of a label', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), (bytes) => {
      const theirs = `${[...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}.example.com.`;
      const ours = fromTheirName(theirs);
      expect(fromTheirName(toTheirName(ours))).toBe(ours);
    }));
  });
});

describe('TXT', () => {
  it('turns octal escapes into decimal ones and back', () => {
    expect(fromTheirStrings('"gr\\303\\274\\303\\237e"')).toBe(txtValue('grüße'));
    expect(toTheirStrings(txtValue('grüße'))).toBe('"gr\\303\\274\\303\\237e"');
  });

  it('reads strings without a space between them, and octets that are not escaped', () => {
    expect(fromTheirStrings('"a""b"')).toBe('"a" "b"');
    expect(fromTheirStrings('"grüße"')).toBe(txtValue('grüße'));
  });

  it('is not escaped twice', () => {
    expect(toTheirStrings(txtValue('C:\\101 "x"'))).toBe('"C:\\\\101 \\"x\\""');
    expect(fromTheirStrings('"C:\\\\101 \\"x\\""')).toBe(txtValue('C:\\101 "x"'));
  });

  it('gives back all octets', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      const value = txtValueOfBytes(bytes);
      expect(fromTheirStrings(toTheirStrings(value))).toBe(value);
    }));
  });
});

describe('reading', () => {
  it('normalizes targets that the console stored without a final dot', () => {
    expect(found('info@.example.com.', 'MX')?.values).toEqual(['10 mail.example.com.']);
  });

  it('calls an alias untouchable, also with an empty list of records', () => {
    expect(found('example.com.', 'A')).toMatchObject({ untouchable: 'alias', values: ['ALIAS d1.cloudfront.net.'] });
    expect(found('example.com.', 'AAAA')).toMatchObject({ untouchable: 'alias' });
  });

  it('makes one untouchable set of those that a routing policy tells apart', () => {
    expect(read.recordSets.filter(({ type, ownerName: name }) => type === 'A' && name === 'www.example.com.')).toEqual([{ ownerName: 'www.example.com.', type: 'A', ttlSeconds: 30, values: ['192.0.2.1', '192.0.2.2'], untouchable: 'routing_policy' }]);
  });

  it.each(['SetIdentifier', 'Weight', 'Region', 'GeoLocation', 'Failover', 'MultiValueAnswer', 'CidrRoutingConfig', 'GeoProximityLocation', 'HealthCheckId', 'TrafficPolicyInstanceId'])('never takes a set with %s for a plain one', (element) => {
    const xml = `<R><ResourceRecordSets><ResourceRecordSet><Name>a.example.</Name><Type>A</Type><${element}>x</${element}><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>192.0.2.1</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></ResourceRecordSets><IsTruncated>false</IsTruncated></R>`;
    const { recordSets, native } = toRecordSets(ListResourceRecordSetsResponse.parse(contentOf(parseXml(xml))).ResourceRecordSets);

    expect(recordSets[0]?.untouchable).toBeDefined();
    expect(native.size).toBe(0);
  });
});

describe('change batches', () => {
  const txt = read.recordSets.find(({ type }) => type === 'TXT')!;

  it('names the exact set in DELETE and says what stays in the words in which it was read', () => {
    const change: Change = { ownerName: txt.ownerName, type: 'TXT', before: txt, after: { ...txt, ttlSeconds: 600, values: [txt.values[0]!, '"new"'] } };

    expect(toBatches([change], read.native)[0]?.items).toEqual([
      { action: 'DELETE', name: '\\052.example.com.', type: 'TXT', ttlSeconds: 300, values: ['"say \\"hello\\" & go" "second"', '"gr\\303\\274\\303\\237e"'] },
      { action: 'CREATE', name: '*.example.com.', type: 'TXT', ttlSeconds: 600, values: ['"say \\"hello\\" & go" "second"', '"new"'] },
    ]);
  });

  it('puts deletes first, so that a CNAME gives way', () => {
    const set = (type: string, value: string): RecordSet => ({ ownerName: ownerName('www.example.com.'), type, ttlSeconds: 60, values: [value] });
    const [cname, address] = [set('CNAME', 'old.example.net.'), set('A', '192.0.2.1')];
    const native = toRecordSets([answerOf(cname)]).native;

    const [batch] = toBatches([{ ...address, before: null, after: address }, { ...cname, before: cname, after: null }], native);

    expect(batch?.items.map(({ action, type }) => `${action} ${type}`)).toEqual(['DELETE CNAME', 'CREATE A']);
  });

  it('keeps each batch below 1,000 records and 32,000 characters, and a name in one batch', () => {
    const changes = Array.from({ length: 40 }, (_, at): Change => {
      const after: RecordSet = { ownerName: ownerName(`n${at}.example.com.`), type: 'TXT', ttlSeconds: 60, values: Array.from({ length: 30 }, (__, value) => txtValue(`${value} ${'x'.repeat(100)}`)) };
      return { ownerName: after.ownerName, type: 'TXT', before: null, after };
    });

    const batches = toBatches(changes, new Map());

    expect(batches.flatMap((batch) => batch.changes)).toEqual(changes);
    for (const { items } of batches) {
      const values = items.flatMap((item) => item.values);
      expect(values.length).toBeLessThanOrEqual(1_000);
      expect(values.join('').length).toBeLessThanOrEqual(32_000);
    }
  });

  it('refuses to write a set that is not a plain one any more', () => {
    expect(() => toBatches([{ ownerName: txt.ownerName, type: 'TXT', before: txt, after: null }], new Map())).toThrow(expect.objectContaining({ code: 'zone_changed' }));
  });

  it('escapes what XML would take for its own', () => {
    const xml = batchXml([{ action: 'CREATE', name: 'a.example.', type: 'TXT', ttlSeconds: 60, values: ['"<&>\'\\""'] }]);

    expect(xml).toContain('<Value>&quot;&lt;&amp;&gt;&apos;\\&quot;&quot;</Value>');
    expect(parseXml(xml).name).toBe('ChangeResourceRecordSetsRequest');
  });
});

it('writes data and reads it again, whatever the type', () => {
  const samples: [string, string][] = [['CAA', '128 issue "ca.example.net; account=1"'], ['MX', '0 .'], ['SRV', '0 0 0 .'], ['CNAME', 'a@b.example.net.'], ['HTTPS', '1 . alpn="h2,h3"'], ['AAAA', '2001:db8::1'], ['NS', 'ns.example.net.']];
  for (const [type, value] of samples) {
    const set: RecordSet = { ownerName: ownerName('x.example.com.'), type, ttlSeconds: 60, values: [recordValue(type, value)] };

    expect(toRecordSets([answerOf({ ...set, values: set.values.map((each) => toTheirValue(type, each)) })]).recordSets).toEqual([set]);
    expect(toRecordSets([answerOf(set)]).native.has(recordSetKey(set))).toBe(true);
  }
});

function answerOf(set: RecordSet): ResourceRecordSet {
  const none = { SetIdentifier: false, Weight: false, Region: false, GeoLocation: false, Failover: false, MultiValueAnswer: false, CidrRoutingConfig: false, GeoProximityLocation: false, HealthCheckId: false, TrafficPolicyInstanceId: false };
  return { Name: set.ownerName, Type: set.type, TTL: set.ttlSeconds, ResourceRecords: set.values, AliasTarget: undefined, ...none };
}
