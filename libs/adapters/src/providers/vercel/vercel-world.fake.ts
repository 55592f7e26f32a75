import { groupRecords, recordValue, txtText, txtValue, type OwnerName, type RecordSet } from '@connect/domain';
import { fakeWorld, heldRecords, nameIn, type FakeWorld, type Seed } from '../../conformance/index.js';
import { startVercelFake, type FakeDomain, type VercelFake, type VercelFakeOptions } from './vercel.fake.js';
import type { FakeRecord } from './vercel-records.fake.js';
import { vercel } from './index.js';

export const goodToken = `vcp_${'0123456789abcdefABCDEF'.repeat(2)}`;
const wrongToken = `vcp_${'FEDCBAfedcba9876543210'.repeat(2)}`;
export const [oneTeam, otherTeam] = ['team_one', 'team_other'] as const;

export type VercelWorld = FakeWorld<VercelFake>;

/** Zones belong to the personal account and to two teams in turn. */
export async function vercelWorld(options: Partial<VercelFakeOptions> = {}): Promise<VercelWorld> {
  const fake = await startVercelFake({ credential: goodToken, teams: [otherTeam, oneTeam], rate: { createsAnHour: 1_000_000 }, ...options });
  return fakeWorld({
    provider: vercel, fake, token: goodToken, wrongToken,
    oddTypes: [],
    openZone(apex, count) {
      const domain = fake.addDomain({ name: apex, teamId: [null, oneTeam, otherTeam][count % 3]! });
      return heldRecords(domain, {
        add: (seed) => void fake.addRecord(domain, recordOf(seed)),
        isAt: (record, name) => record.name === name && record.creator !== 'system',
        recordSets: () => setsOf(domain, apex),
      });
    },
  });
}

function recordOf({ name, type, ttlSeconds = 300, value }: Seed): Partial<FakeRecord> {
  const record = { type, name: name.toLowerCase(), ttl: ttlSeconds };
  const [first, ...rest] = value.split(' ');
  switch (type) {
    case 'MX': return { ...record, mxPriority: Number(first), priority: Number(first), value: rest.join(' ') };
    case 'SRV':
    case 'HTTPS': return { ...record, priority: Number(first), value: rest.join(' ') };
    case 'TXT': return { ...record, value: txtText(value) };
    default: return { ...record, value };
  }
}

/** Nothing of the adapter's conversion is used. What the system put there is not the customer's. */
function setsOf(domain: FakeDomain, apex: OwnerName): RecordSet[] {
  return groupRecords(domain.records.filter(({ creator }) => creator !== 'system').map(({ name, type, value, ttl, mxPriority, priority }) => {
    const text = { MX: `${mxPriority} ${value}`, SRV: `${priority} ${value}`, HTTPS: `${priority} ${value}`, TXT: txtValue(value) }[type] ?? value;
    return { ownerName: nameIn(apex, name), type, ttlSeconds: ttl, value: recordValue(type, text) };
  }));
}
