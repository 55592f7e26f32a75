import { groupRecords, recordValue, txtText, txtValue, type OwnerName, type RecordSet } from '@connect/domain';
import { fakeWorld, heldRecords, nameIn, type FakeWorld, type Seed } from '../../conformance/index.js';
import { namecom } from './index.js';
import { startNamecomFake, type NamecomFake, type NamecomFakeOptions } from './namecom.fake.js';
import type { FakeDomain, FakeRecord } from './namecom-records.fake.js';

const [goodToken, wrongToken] = ['0123456789abcdef0123456789abcdef01234567', 'fedcba9876543210fedcba9876543210fedcba98'];
export const goodLogin = `customer:${goodToken}`;

export type NamecomWorld = FakeWorld<NamecomFake>;

export async function namecomWorld(options: Partial<NamecomFakeOptions> = {}): Promise<NamecomWorld> {
  const fake = await startNamecomFake({ credential: goodLogin, ...options });
  return fakeWorld({
    provider: namecom, fake, token: goodLogin, wrongToken: `customer:${wrongToken}`, secrets: [goodToken, wrongToken, Buffer.from(goodLogin).toString('base64')],
    oddTypes: [],
    openZone(apex) {
      const domain = fake.addDomain({ domainName: apex });
      return heldRecords(domain, {
        add: (seed) => void fake.addRecord(domain, recordOf(seed)),
        isAt: (record, name) => record.host === name,
        recordSets: () => setsOf(domain, apex),
      });
    },
  });
}

function recordOf({ name, type, ttlSeconds = 300, value }: Seed): Partial<FakeRecord> {
  const record = { type, host: name.toLowerCase(), ttl: ttlSeconds };
  const [priority, ...rest] = value.split(' ');
  switch (type) {
    case 'MX':
    case 'SRV': return { ...record, priority: Number(priority), answer: rest.join(' ').replace(/\.$/, '') };
    case 'TXT': return { ...record, answer: txtText(value) };
    case 'CNAME':
    case 'NS': return { ...record, answer: value.replace(/\.$/, '') };
    default: return { ...record, answer: value };
  }
}

/** Nothing of the adapter's conversion is used. */
function setsOf({ records }: FakeDomain, apex: OwnerName): RecordSet[] {
  return groupRecords(records.map(({ host, type, answer, ttl, priority }) => {
    const text = { MX: `${priority} ${answer}`, SRV: `${priority} ${answer}`, TXT: txtValue(answer) }[type] ?? answer;
    const ours = type === 'ANAME' ? 'ALIAS' : type;
    return { ownerName: nameIn(apex, host), type: ours, ttlSeconds: ttl, value: recordValue(ours, text) };
  }));
}
