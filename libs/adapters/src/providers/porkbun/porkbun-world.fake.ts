import { groupRecords, recordValue, txtText, txtValue, type OwnerName, type RecordSet } from '@connect/domain';
import { fakeWorld, heldRecords, nameIn, type FakeWorld, type Seed } from '../../conformance/index.js';
import { startPorkbunFake, type FakeDomain, type FakeKey, type FakeRecord, type PorkbunFake, type PorkbunFakeOptions } from './porkbun.fake.js';
import { porkbun } from './index.js';

export const goodKey: FakeKey = { apikey: `pk1_${'0123456789abcdef'.repeat(4)}`, secretapikey: `sk1_${'89abcdef01234567'.repeat(4)}` };
export const goodToken = `${goodKey.apikey}:${goodKey.secretapikey}`;
const wrongToken = `pk1_${'fedcba9876543210'.repeat(4)}:sk1_${'7654321001234567'.repeat(4)}`;

export type PorkbunWorld = FakeWorld<PorkbunFake>;

export async function porkbunWorld(options: Partial<PorkbunFakeOptions> = {}): Promise<PorkbunWorld> {
  const fake = await startPorkbunFake({ credential: [goodKey], ...options });
  return fakeWorld({
    provider: porkbun, fake, token: goodToken, wrongToken,
    secrets: [goodToken, wrongToken].flatMap((token) => [token, ...token.split(':')]),
    oddTypes: ['TLSA', 'SSHFP'],
    openZone(apex) {
      const domain = fake.addDomain({ name: apex });
      return heldRecords(domain, {
        add: (seed) => void fake.addRecord(domain, recordOf(seed)),
        isAt: (record, name) => record.name === name,
        recordSets: () => setsOf(domain, apex),
      });
    },
  });
}

function recordOf({ name, type, ttlSeconds = 300, value }: Seed): Partial<FakeRecord> {
  const record = { type, name: name.toLowerCase(), ttl: ttlSeconds };
  const [first, ...rest] = value.replace(/\.$/, '').split(' ');
  switch (type) {
    case 'MX':
    case 'SRV': return { ...record, prio: Number(first), content: rest.join(' ') };
    case 'TXT': return { ...record, content: txtText(value) };
    case 'ALIAS':
    case 'CNAME':
    case 'NS': return { ...record, content: value.replace(/\.$/, '') };
    default: return { ...record, content: value };
  }
}

/** Nothing of the adapter's conversion is used. */
function setsOf(domain: FakeDomain, apex: OwnerName): RecordSet[] {
  return groupRecords(domain.records.map(({ name, type, content, ttl, prio }) => {
    const text = { MX: `${prio} ${content}.`, SRV: `${prio} ${content}.`, ALIAS: `${content}.`, CNAME: `${content}.`, NS: `${content}.`, TXT: txtValue(content) }[type] ?? content;
    return { ownerName: nameIn(apex, name), type, ttlSeconds: ttl, value: recordValue(type, text) };
  }));
}
