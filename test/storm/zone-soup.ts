import { ownerName, recordValue, txtValue, type OwnerName, type RecordSet } from '@connect/domain';
import type { Seed } from './places.js';
import type { Seeded } from './seeded.js';

/** Few names and few values, so that foreign records and the wishes of both tenants meet often. */
const names = ['', 'www', 'shop', 'a.shop', 'mail', '_dmarc', 'sel._domainkey'] as const;
const values: Readonly<Record<string, readonly string[]>> = {
  A: ['192.0.2.1', '192.0.2.2', '198.51.100.7'],
  AAAA: ['2001:db8::1', '2001:db8::2'],
  CNAME: ['edge.saas.example.', 'old.example.net.'],
  MX: ['10 mx1.example.net.', '20 mx2.example.net.', '10 mx.saas.example.'],
  TXT: ['note', 'site-verification=abc', 'other-verification=def', 'third'],
  CAA: ['0 issue "ca.example"', '0 issue "other.example"'],
};
const spf = ['v=spf1 mx ~all', 'v=spf1 include:saas.example ~all', 'v=spf1 include:saas.example include:other.example -all', 'v=spf1 ip4:192.0.2.1 -all'];
const dmarc = ['v=DMARC1; p=none', 'v=DMARC1; p=reject'];
const dkim = ['v=DKIM1; p=AAAA', 'v=DKIM1; p=BBBB'];
const ttls = [300, 3_600] as const;
const manyNames = Array.from({ length: 12 }, (_name, at) => `host${at}`);

/** A zone as customers have it: any types beside each other that may be, one SPF record at most, a CNAME alone and never at the apex. */
export function foreignZone(random: Seeded): Seed[] {
  const crowd = random.chance(0.3) ? manyNames : [];
  return [...random.some(names, 1, 6), ...crowd].flatMap((name) => setsAt(random, name).flatMap(({ type, texts }) => {
    const ttlSeconds = random.pick(ttls);
    return texts.map((value) => ({ name, type, ttlSeconds, value }));
  }));
}

/** What a connection may want: one to three sets at its names. */
export function wishesOf(random: Seeded, apex: OwnerName): RecordSet[] {
  return random.some(names, 1, 2).flatMap((name) => random.some(setsAt(random, name), 1, 2).map(({ type, texts }) => ({
    ownerName: ownerName(name === '' ? apex : `${name}.${apex}`), type, ttlSeconds: random.pick(ttls), values: texts.map((text) => recordValue(type, text)),
  })));
}

/** What another writer may add without breaking the zone: beside a CNAME nothing. */
export function addition(random: Seeded, sets: readonly RecordSet[], apex: OwnerName): Seed | null {
  const name = random.pick([...names, 'theirs']);
  const at = sets.filter((set) => set.ownerName === (name === '' ? apex : `${name}.${apex}`));
  if (at.some(({ type }) => type === 'CNAME')) return null;
  const type = random.pick(['TXT', 'TXT', 'TXT', 'A', 'MX', 'CAA']);
  if (type !== 'TXT' && (name.startsWith('_') || name.includes('_'))) return null;
  // Nothing that a connection may want, too: of a value that comes while our write is in doubt nobody can tell whose it is.
  const number = random.int(1, 250);
  const value = { TXT: txtValue(`theirs-${number}`), A: `203.0.113.${number}`, MX: recordValue('MX', `${number} mx.theirs.example.`), CAA: recordValue('CAA', `0 issue "theirs-${number}.example"`) }[type]!;
  // At Namecheap mail records come with a setting of the zone; a zone that has none would drop them.
  if (type === 'MX' && !sets.some((set) => set.type === 'MX')) return null;
  const present = at.find((set) => set.type === type);
  return present?.values.includes(value) === true ? null : { name, type, ttlSeconds: present?.ttlSeconds ?? random.pick(ttls), value };
}

function setsAt(random: Seeded, name: string): { type: string; texts: string[] }[] {
  if (name === '_dmarc') return [{ type: 'TXT', texts: [txtValue(random.pick(dmarc))] }];
  if (name.endsWith('_domainkey')) return [{ type: 'TXT', texts: [txtValue(random.pick(dkim))] }];
  if (name !== '' && random.chance(0.25)) return [{ type: 'CNAME', texts: [random.pick(values['CNAME']!)] }];
  return random.some(['A', 'AAAA', 'MX', 'TXT', 'TXT', 'CAA'], 1, 3).filter((type, at, all) => all.indexOf(type) === at).map((type) => {
    const texts = random.some(values[type]!, 1, 2);
    if (type !== 'TXT') return { type, texts };
    const withSpf = (name === '' || name === 'mail') && random.chance(0.5) ? [...texts.slice(1), random.pick(spf)] : texts;
    return { type, texts: withSpf.map((text) => txtValue(text)) };
  });
}
