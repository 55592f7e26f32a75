import { groupRecords, ownerName, recordValue, secret, txtText, txtValue, type OwnerName, type RecordSet } from '@connect/domain';
import { nameIn, transportToFakes, type Seed, type World } from '../../conformance/index.js';
import { linode } from './index.js';
import { startLinodeFake, type LinodeFake, type LinodeFakeOptions } from './linode.fake.js';
import type { FakeDomain, FakeRecord } from './linode-records.fake.js';

export const goodToken = '0123456789abcdef'.repeat(4);
const wrongToken = 'fedcba9876543210'.repeat(4);

export type LinodeWorld = World & { fake: LinodeFake };

export async function linodeWorld(options: Partial<LinodeFakeOptions> = {}): Promise<LinodeWorld> {
  const fake = await startLinodeFake({ credential: goodToken, rate: { perMinute: 1_000_000 }, ...options });
  const transport = transportToFakes({ 'https://api.linode.com': fake.origin });
  let count = 0;
  return {
    fake,
    provider: linode,
    protocol: 'http',
    token: goodToken,
    wrongToken,
    secrets: [goodToken, wrongToken],
    oddTypes: [],
    portsFor: (token) => transport.portsFor(linode, secret(token)),
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
