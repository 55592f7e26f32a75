import { groupRecords, recordValue, txtText, txtValue, type OwnerName, type RecordSet } from '@connect/domain';
import { fakeWorld, heldRecords, nameIn, type FakeWorld, type Seed } from '../../conformance/index.js';
import { vultr } from './index.js';
import { startVultrFake, type VultrFake, type VultrFakeOptions } from './vultr.fake.js';
import type { FakeDomain, FakeRecord } from './vultr-records.fake.js';

export const goodKey = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const wrongKey = '9876543210ZYXWVUTSRQPONMLKJIHGFEDCBA';

export type VultrWorld = FakeWorld<VultrFake>;

export async function vultrWorld(options: Partial<VultrFakeOptions> = {}): Promise<VultrWorld> {
  const fake = await startVultrFake({ credential: goodKey, pageSize: 100, ...options });
  return fakeWorld({
    provider: vultr, fake, token: goodKey, wrongToken: wrongKey,
    oddTypes: ['SSHFP'],
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
  const record = { type, name, ttl: ttlSeconds };
  const [priority, ...fields] = value.split(' ');
  switch (type) {
    case 'MX':
    case 'SRV': return { ...record, priority: Number(priority), data: fields.join(' ').replace(/\.$/, '') };
    case 'TXT': return { ...record, data: `"${txtText(value)}"` };
    case 'CNAME':
    case 'NS': return { ...record, data: value.replace(/\.$/, '') };
    default: return { ...record, data: value };
  }
}

/** Nothing of the adapter's conversion is used. */
function setsOf(domain: FakeDomain, apex: OwnerName): RecordSet[] {
  return groupRecords(domain.records.map((record) => {
    const host = record.data.endsWith('.') ? record.data : `${record.data}.`;
    const text = { MX: `${record.priority} ${host}`, SRV: `${record.priority} ${host}`, TXT: txtValue(record.data.slice(1, -1)), CNAME: host, NS: host }[record.type] ?? record.data;
    return { ownerName: nameIn(apex, record.name), type: record.type, ttlSeconds: record.ttl, value: recordValue(record.type, text) };
  }));
}
