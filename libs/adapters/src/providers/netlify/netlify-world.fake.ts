import { groupRecords, recordValue, txtText, txtValue, ownerName, type RecordSet } from '@connect/domain';
import { fakeWorld, heldRecords, type FakeWorld, type Seed } from '../../conformance/index.js';
import { netlify } from './index.js';
import { startNetlifyFake, type NetlifyFake, type NetlifyFakeOptions } from './netlify.fake.js';
import type { FakeRecord, FakeZone } from './netlify-records.fake.js';

export const goodToken = `nfp_${'0123456789abcdefABCDEF'.repeat(2)}`;
const wrongToken = `nfp_${'FEDCBAfedcba9876543210'.repeat(2)}`;

export type NetlifyWorld = FakeWorld<NetlifyFake>;

/** Zones belong to two teams in turn. */
export async function netlifyWorld(options: Partial<NetlifyFakeOptions> = {}): Promise<NetlifyWorld> {
  const fake = await startNetlifyFake({ credential: goodToken, ...options });
  return fakeWorld({
    provider: netlify, fake, token: goodToken, wrongToken,
    oddTypes: [],
    openZone(apex, count) {
      const zone = fake.addZone({ name: apex, team: count % 2 === 0 ? 'team' : 'other-team' });
      return heldRecords(zone, {
        add: (seed) => void fake.addRecord(zone, recordOf(seed)),
        isAt: (record, name) => record.hostname === (name === '' ? zone.name : `${name}.${zone.name}`),
        recordSets: () => setsOf(zone),
      });
    },
  });
}

function recordOf({ name, type, ttlSeconds = 300, value }: Seed): Partial<FakeRecord> {
  const record = { type, hostname: name || '@', ttl: ttlSeconds };
  const [first, second, third, fourth] = value.split(' ');
  const host = (text = ''): string => text.replace(/\.$/, '');
  switch (type) {
    case 'MX': return { ...record, priority: Number(first), value: host(second) };
    case 'SRV': return { ...record, priority: Number(first), weight: Number(second), port: Number(third), value: host(fourth) };
    case 'CAA': return { ...record, flag: Number(first), tag: second!, value: /"(.*)"/.exec(value)?.[1] ?? '' };
    case 'TXT': return { ...record, value: txtText(value) };
    case 'CNAME':
    case 'NS': return { ...record, value: host(value) };
    default: return { ...record, value };
  }
}

/** Nothing of the adapter's conversion is used. */
function setsOf({ records }: FakeZone): RecordSet[] {
  return groupRecords(records.map(({ hostname, type, value, ttl, priority, weight, port, flag, tag }) => {
    const text = { MX: `${priority} ${value}`, SRV: `${priority} ${weight} ${port} ${value}`, CAA: `${flag} ${tag} "${value}"`, TXT: txtValue(value) }[type] ?? value;
    return { ownerName: ownerName(hostname), type, ttlSeconds: ttl ?? 3_600, value: recordValue(type, text) };
  }));
}
