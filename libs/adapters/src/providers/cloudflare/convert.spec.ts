import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ownerName, recordSetKey, recordValue, sameValue, txtValueOfBytes, type Change } from '@connect/domain';
import { contentOf, sizeOf, toBatches, toOperations, toRecordSets } from './convert.js';
import { RecordAnswer, ZoneAnswer, pageOf } from './schema.js';

const fixture = (name: string): { body: unknown } => JSON.parse(readFileSync(new URL(`./__fixtures__/${name}.json`, import.meta.url), 'utf8')) as { body: unknown };
const apex = ownerName('example.com');
const record = (fields: Partial<RecordAnswer> & Pick<RecordAnswer, 'type'>): RecordAnswer => ({ id: 'x', name: 'example.com', ttl: 300, ...fields });
const first = (fields: Partial<RecordAnswer> & Pick<RecordAnswer, 'type'>): string => toRecordSets([record(fields)]).recordSets[0]!.values[0]!;

describe('the documented answers', () => {
  it('fit the schemas', () => {
    expect(pageOf(ZoneAnswer).safeParse(fixture('zones').body).success).toBe(true);
    expect(pageOf(RecordAnswer).safeParse(fixture('records').body).success).toBe(true);
  });

  it('become record sets in the house’s form', () => {
    const { recordSets } = toRecordSets(pageOf(RecordAnswer).parse(fixture('records').body).result);

    expect(recordSets).toEqual([
      { ownerName: apex, type: 'A', ttlSeconds: 300, values: ['192.0.2.1'], proxied: true },
      { ownerName: apex, type: 'MX', ttlSeconds: 300, values: ['10 mail.example.net.', '86 route1.mx.cloudflare.net.'], untouchable: 'managed_record', untouchableValues: ['86 route1.mx.cloudflare.net.'] },
      { ownerName: '_sip._tcp.example.com.', type: 'SRV', ttlSeconds: 300, values: ['10 20 5060 sip.example.net.'] },
      { ownerName: apex, type: 'TXT', ttlSeconds: 300, values: ['"v=spf1 -all"'] },
      { ownerName: apex, type: 'CAA', ttlSeconds: 300, values: ['0 issue "letsencrypt.org"'] },
    ]);
  });
});

describe('reading', () => {
  it('takes TXT in quotes for strings and TXT without for the text itself', () => {
    expect(first({ type: 'TXT', content: '"a" "b"' })).toBe('"a" "b"');
    expect(first({ type: 'TXT', content: 'say "a" and \\ b' })).toBe('"say \\"a\\" and \\\\ b"');
    expect(first({ type: 'TXT', content: '"' })).toBe('"\\""');
    expect(first({ type: 'TXT', content: '"broken \\"' })).toBe('"\\"broken \\\\\\""');
  });

  it('reads SRV from its data, and from the content where there is none', () => {
    expect(first({ type: 'SRV', content: '20\t5060\tsip.example.net', priority: 10 })).toBe('10 20 5060 sip.example.net.');
    expect(first({ type: 'SRV', content: 'odd', data: { priority: 1, weight: 2, port: 3, target: '.' } })).toBe('1 2 3 .');
  });

  it('reads the automatic TTL as what it is in the DNS', () => {
    expect(toRecordSets([record({ type: 'A', content: '192.0.2.1', ttl: 1 })]).recordSets[0]!.ttlSeconds).toBe(300);
  });

  it('keeps what does not fit its type, so that one odd record does not spoil the zone', () => {
    expect(first({ type: 'A', content: 'odd' })).toBe('odd');
    expect(first({ type: 'NEWTYPE', content: 'some data' })).toBe('some data');
  });
});

describe('writing', () => {
  const set = (values: string[], ttlSeconds = 300): NonNullable<Change['after']> => ({ ownerName: apex, type: 'A', ttlSeconds, values });
  const read = toRecordSets([record({ id: 'one', type: 'A', content: '192.0.2.1', ttl: 1 }), record({ id: 'two', type: 'A', content: '192.0.2.2', ttl: 1 })]);
  const native = read.native.get(recordSetKey({ ownerName: apex, type: 'A' }))!;
  const change = (after: Change['after']): Change => ({ ownerName: apex, type: 'A', before: read.recordSets[0]!, after });

  it('replaces a value by a PATCH of its record and leaves the automatic TTL alone', () => {
    expect(toOperations(change(set(['192.0.2.1', '192.0.2.3'])), native)).toEqual({ deletes: [], patches: [{ id: 'two', content: '192.0.2.3', proxied: false }], posts: [] });
  });

  it('changes only the TTL where only the TTL changes', () => {
    expect(toOperations(change(set(['192.0.2.1', '192.0.2.2'], 600)), native)).toEqual({ deletes: [], patches: [{ id: 'one', ttl: 600 }, { id: 'two', ttl: 600 }], posts: [] });
  });

  it('says proxied false for what could be proxied, and nothing for what cannot', () => {
    expect(toOperations({ ...change(set(['192.0.2.9'])), before: null }, []).posts).toEqual([{ type: 'A', name: 'example.com', content: '192.0.2.9', ttl: 300, proxied: false }]);
    expect(toOperations({ ownerName: apex, type: 'TXT', before: null, after: { ownerName: apex, type: 'TXT', ttlSeconds: 300, values: ['"x"'] } }, []).posts[0]).not.toHaveProperty('proxied');
  });

  it('keeps a proxied set behind the proxy, with the automatic TTL', () => {
    const proxied = { ...set(['192.0.2.1', '192.0.2.3']), proxied: true };

    expect(toOperations(change(proxied), native).patches).toEqual([{ id: 'two', content: '192.0.2.3', ttl: 1, proxied: true }]);
  });

  it('keeps SRV without the fields that are gone since 2024-05-31, and the priority in its data', () => {
    expect(contentOf('SRV', '10 20 5060 sip.example.net.')).toEqual({ data: { priority: 10, weight: 20, port: 5060, target: 'sip.example.net' } });
  });

  it('packs whole changes into as few batches as 200 operations allow', () => {
    const one = { deletes: [], patches: [], posts: Array.from({ length: 120 }, (_, at) => ({ type: 'A', name: 'x', ttl: 60, content: `${at}` })) };

    expect(toBatches([one, one, { ...one, posts: one.posts.slice(0, 80) }], 200).map(sizeOf)).toEqual([120, 200]);
    expect(() => toBatches([{ ...one, posts: [...one.posts, ...one.posts] }], 200)).toThrow('more than 200 records');
  });
});

describe('what goes out comes back', () => {
  const comesBack = (type: string, value: string): void => {
    const { content, data, priority } = contentOf(type, value);
    const shown = type === 'CAA' ? `${String(data!['flags'])} ${String(data!['tag'])} "${String(data!['value'])}"` : type === 'HTTPS' ? `${String(data!['priority'])} ${String(data!['target'])} ${String(data!['value'])}`.trim() : content;
    expect(sameValue(type, first({ type, content: shown, data, priority }), value)).toBe(true);
  };
  const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/);
  const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => `${labels.join('.')}.`);
  const number = fc.nat(65_535);

  it('for TXT of any octets', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 600 }), (bytes) => comesBack('TXT', txtValueOfBytes(bytes))));
  });

  it('for host names, MX, SRV and CAA', () => {
    fc.assert(fc.property(host, number, number, number, (name, a, b, c) => {
      comesBack('CNAME', name);
      comesBack('MX', `${a} ${name}`);
      comesBack('SRV', `${a} ${b} ${c} ${name}`);
      comesBack('CAA', recordValue('CAA', `${a % 256} issue "${name}"`));
      comesBack('HTTPS', recordValue('HTTPS', `${a} ${name} alpn=h2,h3`));
    }));
  });
});
