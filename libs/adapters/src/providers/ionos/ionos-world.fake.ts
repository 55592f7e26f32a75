import { groupRecords, ownerName, recordValue, txtText, txtValue, type RecordSet } from '@connect/domain';
import { fakeWorld, heldRecords, type FakeWorld, type Seed } from '../../conformance/index.js';
import { ionos } from './index.js';
import { startIonosFake, type IonosFake, type IonosFakeOptions } from './ionos.fake.js';
import type { FakeRecord, FakeZone } from './ionos-records.fake.js';

const secretOf = (text: string): string => text.repeat(4);
export const goodToken = `0123456789abcdef0123456789abcdef.${secretOf('AbCdEfGhIjKlMnOpQ-_0')}`;
const wrongToken = `fedcba9876543210fedcba9876543210.${secretOf('ZyXwVuTsRqPoNmLkJ-_9')}`;

export type IonosWorld = FakeWorld<IonosFake>;

export async function ionosWorld(options: Partial<IonosFakeOptions> = {}): Promise<IonosWorld> {
  const fake = await startIonosFake({ credential: goodToken, ...options });
  return fakeWorld({
    provider: ionos, fake, token: goodToken, wrongToken,
    secrets: [goodToken, wrongToken].map((token) => token.split('.')[1]!),
    oddTypes: ['TLSA', 'SSHFP', 'LOC'],
    openZone(apex) {
      const zone = fake.addZone({ name: apex });
      return heldRecords(zone, {
        add: (seed) => void fake.addRecord(zone, recordOf(seed, zone)),
        isAt: (record, name) => record.name.toLowerCase() === nameOf(name, zone).toLowerCase(),
        recordSets: () => setsOf(zone),
      });
    },
  });
}

function nameOf(name: string, zone: FakeZone): string {
  return name === '' ? zone.name : `${name}.${zone.name}`;
}

function recordOf({ name, type, ttlSeconds = 300, value }: Seed, zone: FakeZone): Partial<FakeRecord> {
  const record = { type, name: nameOf(name, zone), ttl: ttlSeconds };
  const [first, ...rest] = value.replace(/\.$/, '').split(' ');
  switch (type) {
    case 'MX':
    case 'SRV': return { ...record, prio: Number(first), content: rest.join(' ') };
    case 'TXT': return { ...record, content: `"${txtText(value)}"` };
    case 'CNAME':
    case 'NS': return { ...record, content: first! };
    default: return { ...record, content: value };
  }
}

/** What is served. Nothing of the adapter's conversion is used. */
function setsOf({ records }: FakeZone): RecordSet[] {
  return groupRecords(records.filter(({ type, disabled }) => type !== 'SOA' && !disabled).map(({ name, type, content, ttl, prio }) => {
    const text = { MX: `${prio} ${content}`, SRV: `${prio} ${content}`, TXT: txtValue(content.replaceAll('" "', '').slice(1, -1)) }[type] ?? content;
    return { ownerName: ownerName(name), type, ttlSeconds: ttl, value: recordValue(type, text) };
  }));
}
