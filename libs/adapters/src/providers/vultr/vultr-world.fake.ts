import { groupRecords, ownerName, recordValue, secret, txtText, txtValue, type OwnerName, type RecordSet } from '@connect/domain';
import { nameIn, transportToFakes, type Seed, type World } from '../../conformance/index.js';
import { vultr } from './index.js';
import { startVultrFake, type VultrFake, type VultrFakeOptions } from './vultr.fake.js';
import type { FakeDomain, FakeRecord } from './vultr-records.fake.js';

export const goodKey = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const wrongKey = '9876543210ZYXWVUTSRQPONMLKJIHGFEDCBA';

export type VultrWorld = World & { fake: VultrFake };

export async function vultrWorld(options: Partial<VultrFakeOptions> = {}): Promise<VultrWorld> {
  const fake = await startVultrFake({ credential: goodKey, pageSize: 100, ...options });
  const transport = transportToFakes({ 'https://api.vultr.com': fake.origin });
  let count = 0;
  return {
    fake,
    provider: vultr,
    protocol: 'http',
    token: goodKey,
    wrongToken: wrongKey,
    secrets: [goodKey, wrongKey],
    oddTypes: ['SSHFP'],
    portsFor: (token) => transport.portsFor(vultr, secret(token)),
    newZone(seed) {
      const apex = ownerName(`zone-${++count}.test.`);
      const domain = fake.addDomain({ domain: apex });
      for (const each of seed) fake.addRecord(domain, recordOf(each));
      return Promise.resolve({
        apex,
        edit({ add = [], remove = [] }) {
          domain.records = domain.records.filter((record) => !remove.some(({ name, type }) => record.type === type && record.name === name));
          for (const each of add) fake.addRecord(domain, recordOf(each));
          return Promise.resolve();
        },
        readBack: () => Promise.resolve(setsOf(domain, apex)),
      });
    },
    async stop() {
      await transport.close();
      await fake.stop();
    },
  };
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
