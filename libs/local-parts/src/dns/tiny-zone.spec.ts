import { describe, expect, it } from '@jest/globals';
import { answerFrom, TinyZone } from './tiny-zone.js';

const text = `$ORIGIN shop.test.
$TTL 60
@ 3600 IN SOA ns1 hostmaster 7 3600 600 86400 3 ; a comment
  NS ns1
ns1 A 127.0.0.1
www CNAME target.other.test.
loop1 CNAME loop2
loop2 CNAME loop1
*.wild TXT "for; all" "of you"
deep.empty.below A 192.0.2.5
child NS ns.child
ns.child A 127.0.0.9
mail MX 10 mx
`;
const zones = [new TinyZone({ name: 'shop.test.', text }, '127.0.0.1'), new TinyZone({ name: 'other.test.', records: [{ name: 'target', type: 'A', value: '192.0.2.1' }] }, '127.0.0.1')];

function values(name: string, type: string): string[] {
  return answerFrom(zones, name, type).answers.map((record) => `${record.type} ${record.value}`);
}

describe('the zones of the built-in server', () => {
  it('reads names relative to the origin, TTLs, comments and quoted text', () => {
    expect(values('mail.shop.test.', 'MX')).toEqual(['MX 10 mx.shop.test.']);
    expect(zones[0]?.at('shop.test.').map((record) => [record.type, record.ttlSeconds])).toEqual([['SOA', 3600], ['NS', 60]]);
  });

  it('follows aliases into another zone of the same server, and ends a loop', () => {
    expect(values('WWW.shop.test.', 'A')).toEqual(['CNAME target.other.test.', 'A 192.0.2.1']);
    expect(values('loop1.shop.test.', 'A').length).toBeLessThanOrEqual(16);
  });

  it('lets a wildcard speak for names that do not exist', () => {
    expect(values('a.b.wild.shop.test.', 'TXT')).toEqual(['TXT "for; all" "of you"']);
    expect(answerFrom(zones, 'a.wild.shop.test.', 'A')).toMatchObject({ rcode: 'NOERROR', answers: [] });
  });

  it('tells "no such name" from "no such type" and from a name with names below it, and sends the SOA with the negative TTL', () => {
    const answers = ['none.shop.test.', 'www2.shop.test.', 'ns1.shop.test.', 'empty.below.shop.test.'].map((name) => answerFrom(zones, name, 'TXT'));

    expect(answers.map((answer) => answer.rcode)).toEqual(['NXDOMAIN', 'NXDOMAIN', 'NOERROR', 'NOERROR']);
    expect(answers.every((answer) => answer.authorities[0]?.type === 'SOA' && answer.authorities[0].ttlSeconds === 3)).toBe(true);
  });

  it('refers to a delegated child with glue and without authority', () => {
    expect(answerFrom(zones, 'a.child.shop.test.', 'A')).toMatchObject({
      isAuthoritative: false, answers: [], authorities: [{ type: 'NS', value: 'ns.child.shop.test.' }], additionals: [{ type: 'A', value: '127.0.0.9' }],
    });
  });

  it('refuses what it does not serve', () => {
    expect(answerFrom(zones, 'elsewhere.example.', 'A')).toMatchObject({ rcode: 'REFUSED', isAuthoritative: false });
  });
});
