import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ownerName, sameRecordSet, txtValue, type Change, type RecordSet } from '@connect/domain';
import { addressOf, asItWas, toRecordSets, toTheirSet } from './convert.js';
import { SetsPage, ZonesPage } from './schema.js';
import { isPublic } from './zones.js';

const answers = JSON.parse(readFileSync(new URL('./__fixtures__/answers.json', import.meta.url), 'utf8')) as Record<string, unknown>;
const apex = ownerName('example.com.');
const page = SetsPage.parse(answers['recordSets']);
const { recordSets, native } = toRecordSets(page.value, apex);
const set = (name: string, type: string, values: string[], ttlSeconds = 300): RecordSet => ({ ownerName: ownerName(name), type, ttlSeconds, values });
const changing = (before: RecordSet | null, after: RecordSet | null): Change => ({ ownerName: (after ?? before)!.ownerName, type: (after ?? before)!.type, before, after });
const found = (name: string, type: string): RecordSet => recordSets.find((each) => each.ownerName === ownerName(name) && each.type === type)!;

describe('the documented answers', () => {
  it('become record sets in the house’s form; an alias is not to be touched, and an empty set is nothing', () => {
    expect(recordSets).toEqual([
      set('example.com', 'SOA', ['ns1-01.azure-dns.com. azuredns-hostmaster.microsoft.com 1 3600 300 2419200 300'], 3_600),
      set('example.com', 'TXT', ['"v=spf1 -all"', '"part one " "say \\"two\\" \\\\"']),
      set('shop.example.com', 'A', ['192.0.2.1'], 60),
      set('www.example.com', 'CNAME', ['target.example.net.'], 3_600),
      { ...set('alias.example.com', 'A', ['192.0.2.8'], 3_600), untouchable: 'alias' },
      set('issuers.example.com', 'CAA', ['0 issue "ca.example.net; account=1"'], 60),
      set('_443._tcp.example.com', 'TLSA', ['{"usage":3,"selector":1,"matchingType":1,"certAssociationData":"00ff"}'], 60),
    ]);
    expect(page.nextLink).toContain('skipToken');
  });

  it('tell public zones from those that nobody on the Internet sees', () => {
    expect(ZonesPage.parse(answers['zones']).value.map((zone) => [zone.name, isPublic(zone)])).toEqual([['example.com', true], ['inside.test', false]]);
  });

  it('are read whatever the case of their members', () => {
    const odd = toRecordSets([{ name: 'www', type: 'Microsoft.Network/dnsZones/a', etag: 'e', properties: { ttl: 60, aRecords: [{ IPv4Address: '192.0.2.1' }] } }], apex);

    expect(odd.recordSets).toEqual([set('www.example.com', 'A', ['192.0.2.1'], 60)]);
  });

  it('keep data that the house’s form does not fit', () => {
    expect(toRecordSets([{ name: 'www', type: 'x/A', etag: 'e', properties: { TTL: 60, ARecords: [{ ipv4Address: 'odd' }] } }], apex).recordSets[0]!.values).toEqual(['odd']);
  });

  it('that were seen twice, since pages are no snapshot, count as seen last', () => {
    const twice = ['192.0.2.1', '192.0.2.2'].map((ipv4Address, at) => ({ name: 'www', type: 'x/A', etag: `e${at}`, properties: { TTL: 60, ARecords: [{ ipv4Address }] } }));
    const read = toRecordSets(twice, apex);

    expect([read.recordSets, [...read.native.values()][0]!.etag]).toEqual([[set('www.example.com', 'A', ['192.0.2.2'], 60)], 'e1']);
  });
});

describe('a write', () => {
  const txt = found('example.com', 'TXT');
  const nativeOf = (each: RecordSet): Parameters<typeof toTheirSet>[1] => native.get(`${each.ownerName} ${each.type}`)!;

  it('goes to the name relative to the zone', () => {
    expect(['example.com.', '*.sub.example.com.', '_dmarc.example.com.'].map((name) => addressOf({ ownerName: ownerName(name), type: 'TXT' }, apex).name)).toEqual(['@', '*.sub', '_dmarc']);
  });

  it('holds metadata and the values that stay as they were read, and nothing that only the server says', () => {
    expect(toTheirSet(changing(txt, { ...txt, values: [...txt.values, '"ours"'] }), nativeOf(txt))).toEqual({
      properties: { metadata: { owner: 'mail team' }, TTL: 300, TXTRecords: [{ value: ['v=spf1 -all'] }, { value: ['part one ', 'say "two" \\'] }, { value: ['ours'] }] },
    });
  });

  it('carries what it does not know', () => {
    const present = { ...nativeOf(txt)!, properties: { ...nativeOf(txt)!.properties, somethingNew: { id: 'x' }, nothing: {}, none: null } };

    expect(toTheirSet(changing(txt, { ...txt, ttlSeconds: 60 }), present).properties).toMatchObject({ TTL: 60, somethingNew: { id: 'x' } });
    expect(Object.keys(toTheirSet(changing(txt, { ...txt, ttlSeconds: 60 }), present).properties)).toEqual(['metadata', 'somethingNew', 'TTL', 'TXTRecords']);
  });

  it('into a set without records goes on with what that one has', () => {
    const wanted = set('empty.example.com', 'MX', ['10 mail.example.net.'], 60);

    expect(toTheirSet(changing(null, wanted), nativeOf(wanted))).toEqual({ properties: { metadata: { kept: 'yes' }, TTL: 60, MXRecords: [{ preference: 10, exchange: 'mail.example.net.' }] } });
  });

  it('has members in their exact case, whatever was read', () => {
    const before = set('www.example.com', 'A', ['192.0.2.1'], 60);
    const present = { type: 'A', name: 'www', etag: 'e', properties: { ttl: 60, aRecords: [{ ipv4Address: '192.0.2.1' }] } };

    expect(toTheirSet(changing(before, { ...before, values: ['192.0.2.1', '192.0.2.2'] }), present)).toEqual({ properties: { TTL: 60, ARecords: [{ ipv4Address: '192.0.2.1' }, { ipv4Address: '192.0.2.2' }] } });
  });

  it('of a CNAME is one object, and what is put back is as it was', () => {
    const cname = found('www.example.com', 'CNAME');

    expect(toTheirSet(changing(cname, { ...cname, values: ['other.example.net.'] }), nativeOf(cname))).toEqual({ properties: { TTL: 3_600, CNAMERecord: { cname: 'other.example.net.' } } });
    expect(asItWas(nativeOf(cname)!)).toEqual({ properties: { TTL: 3_600, CNAMERecord: { cname: 'Target.Example.net' } } });
  });

  it('over a set that was not read is refused', () => {
    expect(() => toTheirSet(changing(txt, { ...txt, ttlSeconds: 60 }), null)).toThrow('zone_changed');
  });

  it('brings back what it sent, whatever the text', () => {
    fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 600, unit: 'grapheme-ascii' }), (text) => {
      const wanted = set('data.example.com', 'TXT', [txtValue(text)]);
      const sent = toTheirSet(changing(null, wanted), null);

      return sameRecordSet(toRecordSets([{ name: 'data', type: 'x/TXT', etag: 'e', ...sent }], apex).recordSets[0]!, wanted);
    }));
  });
});
