import { groupRecords, recordValue, type OwnerName, type RecordSet } from '@connect/domain';
import { fakeWorld, heldRecords, nameIn, type FakeWorld, type Seed } from '../../conformance/index.js';
import type { FakeRecord, FakeZone } from './dnsimple-records.fake.js';
import { startDnsimpleFake, type DnsimpleFake, type DnsimpleFakeOptions } from './dnsimple.fake.js';
import { dnsimple } from './index.js';

export const goodToken = `dnsimple_a_${'0123456789abcdefGHIJKLMNOPQRSTUV'}`;
const wrongToken = `dnsimple_a_${'VUTSRQPONMLKJIHGfedcba9876543210'}`;

export type DnsimpleWorld = FakeWorld<DnsimpleFake>;

export async function dnsimpleWorld(options: Partial<DnsimpleFakeOptions> = {}): Promise<DnsimpleWorld> {
  const fake = await startDnsimpleFake({ credential: goodToken, rate: { perHour: 1_000_000 }, ...options });
  return fakeWorld({
    provider: dnsimple, fake, token: goodToken, wrongToken,
    oddTypes: ['TLSA', 'SSHFP', 'NAPTR'],
    openZone(apex) {
      const zone = fake.addZone({ name: apex });
      return heldRecords(zone, {
        add: (seed) => void fake.addRecord(zone, recordOf(seed)),
        isAt: (record, name) => record.name === name,
        recordSets: () => setsOf(zone, apex),
      });
    },
  });
}

function recordOf({ name, type, ttlSeconds = 300, value }: Seed): Partial<FakeRecord> {
  const record = { type, name: name.toLowerCase(), ttl: ttlSeconds };
  const [priority, ...fields] = value.split(' ');
  switch (type) {
    case 'MX':
    case 'SRV': return { ...record, priority: Number(priority), content: fields.join(' ').replace(/(\S)\.$/, '$1') };
    case 'ALIAS':
    case 'CNAME':
    case 'NS': return { ...record, content: value.replace(/\.$/, '') };
    default: return { ...record, content: value };
  }
}

/** Nothing of the adapter's conversion is used. What came with an ALIAS is no record of its own. */
function setsOf(zone: FakeZone, apex: OwnerName): RecordSet[] {
  return groupRecords(zone.records.filter(({ type, parent_id: parent }) => type !== 'SOA' && parent === null).map(({ name, type, content, ttl, priority }) => {
    const absolute = content.endsWith('.') ? content : `${content}.`;
    const [order, target, ...parameters] = content.split(' ');
    const service = `${order} ${target}${target === '.' ? '' : '.'} ${parameters.join(' ')}`;
    const text = { MX: `${priority} ${absolute}`, SRV: `${priority} ${absolute}`, ALIAS: absolute, CNAME: absolute, NS: absolute, HTTPS: service, SVCB: service }[type] ?? content;
    return { ownerName: nameIn(apex, name), type, ttlSeconds: ttl, value: recordValue(type, text) };
  }));
}
