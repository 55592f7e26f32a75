import { groupRecords, recordValue, txtText, txtValue, type OwnerName, type RecordSet } from '@connect/domain';
import { fakeWorld, heldRecords, nameIn, type FakeWorld, type Seed } from '../../conformance/index.js';
import { startDigitaloceanFake, type DigitaloceanFake, type DigitaloceanFakeOptions, type FakeDomain, type FakeRecord } from './digitalocean.fake.js';
import { digitalocean } from './index.js';

export const goodToken = `dop_v1_${'0123456789abcdef'.repeat(4)}`;
const wrongToken = `dop_v1_${'fedcba9876543210'.repeat(4)}`;

export type DigitaloceanWorld = FakeWorld<DigitaloceanFake>;

export async function digitaloceanWorld(options: Partial<DigitaloceanFakeOptions> = {}): Promise<DigitaloceanWorld> {
  const fake = await startDigitaloceanFake({ credential: goodToken, rate: { perHour: 1_000_000 }, ...options });
  return fakeWorld({
    provider: digitalocean, fake, token: goodToken, wrongToken,
    oddTypes: [],
    openZone(apex) {
      const domain = fake.addDomain({ name: apex });
      return heldRecords(domain, {
        add: (seed) => void fake.addRecord(domain, recordOf(seed)),
        isAt: (record, name) => record.name === (name || '@'),
        recordSets: () => setsOf(domain, apex),
      });
    },
  });
}

function recordOf({ name, type, ttlSeconds = 300, value }: Seed): Partial<FakeRecord> {
  const record = { type, name: name.toLowerCase() || '@', ttl: ttlSeconds };
  const fields = value.split(' ');
  const host = fields.at(-1)!.replace(/\.$/, '');
  switch (type) {
    case 'MX': return { ...record, priority: Number(fields[0]), data: host };
    case 'SRV': return { ...record, priority: Number(fields[0]), weight: Number(fields[1]), port: Number(fields[2]), data: host };
    case 'CAA': return { ...record, flags: Number(fields[0]), tag: fields[1]!, data: fields.slice(2).join(' ').replaceAll('"', '') };
    case 'TXT': return { ...record, data: txtText(value) };
    case 'CNAME':
    case 'NS': return { ...record, data: host };
    default: return { ...record, data: value };
  }
}

/** Nothing of the adapter's conversion is used. */
function setsOf(domain: FakeDomain, apex: OwnerName): RecordSet[] {
  return groupRecords(domain.records.filter(({ type }) => type !== 'SOA').map((record) => {
    const host = record.data === '@' ? apex : `${record.data}.`;
    const text = { MX: `${record.priority} ${host}`, SRV: `${record.priority} ${record.weight} ${record.port} ${host}`, CAA: `${record.flags} ${record.tag} "${record.data}"`, TXT: txtValue(record.data), CNAME: host, NS: host }[record.type] ?? record.data;
    return { ownerName: nameIn(apex, record.name === '@' ? '' : record.name), type: record.type, ttlSeconds: record.ttl, value: recordValue(record.type, text) };
  }));
}
