import { groupRecords, ownerName, recordValue, secret, txtText, txtValue, type OwnerName, type RecordSet } from '@connect/domain';
import { nameIn, transportToFakes, type Seed, type World } from '../../conformance/index.js';
import { startDigitaloceanFake, type DigitaloceanFake, type DigitaloceanFakeOptions, type FakeDomain, type FakeRecord } from './digitalocean.fake.js';
import { digitalocean } from './index.js';

export const goodToken = `dop_v1_${'0123456789abcdef'.repeat(4)}`;
const wrongToken = `dop_v1_${'fedcba9876543210'.repeat(4)}`;

export type DigitaloceanWorld = World & { fake: DigitaloceanFake };

export async function digitaloceanWorld(options: Partial<DigitaloceanFakeOptions> = {}): Promise<DigitaloceanWorld> {
  const fake = await startDigitaloceanFake({ credential: goodToken, rate: { perHour: 1_000_000 }, ...options });
  const transport = transportToFakes({ 'https://api.digitalocean.com': fake.origin });
  let count = 0;
  return {
    fake,
    provider: digitalocean,
    protocol: 'http',
    token: goodToken,
    wrongToken,
    secrets: [goodToken, wrongToken],
    oddTypes: [],
    portsFor: (token) => transport.portsFor(digitalocean, secret(token)),
    newZone(seed) {
      const apex = ownerName(`zone-${++count}.test.`);
      const domain = fake.addDomain({ name: apex });
      for (const each of seed) fake.addRecord(domain, recordOf(each));
      return Promise.resolve({
        apex,
        edit({ add = [], remove = [] }) {
          domain.records = domain.records.filter((record) => !remove.some(({ name, type }) => record.type === type && record.name === (name.toLowerCase() || '@')));
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
