import { groupRecords, recordValue, txtText, txtValue, type OwnerName, type RecordSet } from '@connect/domain';
import { fakeWorld, heldRecords, nameIn, type FakeWorld, type Seed } from '../../conformance/index.js';
import { linode } from './index.js';
import { startLinodeFake, type LinodeFake, type LinodeFakeOptions } from './linode.fake.js';
import type { FakeDomain, FakeRecord } from './linode-records.fake.js';

export const goodToken = '0123456789abcdef'.repeat(4);
const wrongToken = 'fedcba9876543210'.repeat(4);

export type LinodeWorld = FakeWorld<LinodeFake>;

export async function linodeWorld(options: Partial<LinodeFakeOptions> = {}): Promise<LinodeWorld> {
  const fake = await startLinodeFake({ credential: goodToken, rate: { perMinute: 1_000_000 }, ...options });
  return fakeWorld({
    provider: linode, fake, token: goodToken, wrongToken,
    oddTypes: [],
    openZone(apex) {
      const domain = fake.addDomain({ domain: apex });
      return heldRecords(domain, {
        add: (seed) => void fake.addRecord(domain, recordOf(seed)),
        isAt: (record, name) => record.name === name,
        recordSets: () => setsOf(domain, apex),
      });
    },
  });
}

function recordOf({ name, type, ttlSeconds = 300, value }: Seed): Partial<FakeRecord> {
  const record = { type, name, ttl_sec: ttlSeconds };
  const fields = value.split(' ');
  const target = fields.at(-1)!.replace(/\.$/, '');
  switch (type) {
    case 'MX': return { ...record, priority: Number(fields[0]), target };
    case 'SRV': return { ...record, priority: Number(fields[0]), weight: Number(fields[1]), port: Number(fields[2]), service: name.split('.')[0]!, protocol: name.split('.')[1]!, target };
    case 'CAA': return { ...record, tag: fields[1]!, target: fields.slice(2).join(' ').replaceAll('"', '') };
    case 'TXT': return { ...record, target: txtText(value) };
    case 'CNAME':
    case 'NS': return { ...record, target };
    default: return { ...record, target: value };
  }
}

/** Nothing of the adapter's conversion is used. */
function setsOf(domain: FakeDomain, apex: OwnerName): RecordSet[] {
  return groupRecords(domain.records.map((record) => {
    const host = `${record.target}.`;
    const text = { MX: `${record.priority} ${host}`, SRV: `${record.priority} ${record.weight} ${record.port} ${host}`, CAA: `0 ${record.tag} "${record.target}"`, TXT: txtValue(record.target), CNAME: host, NS: host }[record.type] ?? record.target;
    return { ownerName: nameIn(apex, record.name), type: record.type, ttlSeconds: record.ttl_sec, value: recordValue(record.type, text) };
  }));
}
