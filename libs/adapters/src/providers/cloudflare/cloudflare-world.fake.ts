import { groupRecords, ownerName, recordValue, txtValue, type OwnerName, type RecordSet } from '@connect/domain';
import { fakeWorld, nameIn, type FakeWorld, type Seed } from '../../conformance/index.js';
import { startCloudflareFake, type CloudflareFake, type CloudflareFakeOptions } from './cloudflare.fake.js';
import type { FakeRecord, FakeRecordInput } from './cloudflare-records.fake.js';
import { cloudflare } from './index.js';

export const goodToken = 'cfut_0123456789abcdefghijABCDEFGHIJ0123456789';
const wrongToken = 'cfut_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz';

export type CloudflareWorld = FakeWorld<CloudflareFake>;

/** The adapter and the fake. Seeds and looks go straight to the fake's memory, and by other words than the adapter's. */
export async function cloudflareWorld(options: Partial<CloudflareFakeOptions> = {}): Promise<CloudflareWorld> {
  // Pages of a hundred, so that paging is met; a budget that the suite does not use up.
  const fake = await startCloudflareFake({ credential: goodToken, maxPerPage: 100, rate: { calls: 100_000, windowMs: 300_000 }, ...options });
  return fakeWorld({
    provider: cloudflare, fake, token: goodToken, wrongToken,
    oddTypes: ['TLSA', 'SSHFP', 'LOC', 'NAPTR'],
    openZone(apex) {
      const zone = fake.addZone({ name: apex });
      return {
        add(seeds) {
          const scratch = fake.addZone({ name: apex, id: `scratch-${apex}`, records: seeds.map((each) => recordOf(apex, each)) });
          zone.records.push(...scratch.records);
          fake.zones.delete(scratch.id);
        },
        remove(sets) {
          const names = sets.map(({ name, type }) => `${nameIn(apex, name)} ${type}`);
          zone.records = zone.records.filter((record) => !names.includes(`${record.name}. ${record.type}`));
        },
        recordSets: () => setsOf(zone.records),
      };
    },
  });
}

function recordOf(apex: OwnerName, { name, type, ttlSeconds = 300, value }: Seed): FakeRecordInput {
  const record = { name: nameIn(apex, name), type, ttl: ttlSeconds };
  const words = value.split(' ');
  if (type === 'MX') return { ...record, priority: Number(words[0]), content: words[1]! };
  if (type === 'SRV') return { ...record, data: { priority: Number(words[0]), weight: Number(words[1]), port: Number(words[2]), target: words[3] } };
  if (type === 'CAA') return { ...record, data: { flags: Number(words[0]), tag: words[1], value: words.slice(2).join(' ').replace(/^"|"$/g, '') } };
  return { ...record, content: value };
}

export function setsOf(records: readonly FakeRecord[]): RecordSet[] {
  return groupRecords(records.map((record) => ({ ownerName: ownerName(record.name), type: record.type, ttlSeconds: record.ttl === 1 ? 300 : record.ttl, value: valueOf(record) })));
}

function valueOf({ type, content, priority, data }: FakeRecord): string {
  if (type === 'MX') return recordValue(type, `${priority} ${content}`);
  if (type === 'SRV') return recordValue(type, `${priority} ${content.replaceAll('\t', ' ')}`);
  if (type === 'CAA') return recordValue(type, `${String(data?.['flags'])} ${String(data?.['tag'])} "${String(data?.['value'])}"`);
  if (type === 'TXT' && !/^".*"$/s.test(content)) return txtValue(content);
  return recordValue(type, content);
}
