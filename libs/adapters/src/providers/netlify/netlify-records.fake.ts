import { randomBytes } from 'node:crypto';

/** As it stands in an answer: fields that mean nothing are null. */
export type FakeRecord = {
  hostname: string; type: string; ttl: number | null; priority: number | null; weight: number | null; port: number | null; flag: number | null; tag: string | null;
  id: string; site_id: string | null; dns_zone_id: string; errors: string[]; managed: boolean; value: string;
};
export type FakeZone = { id: string; name: string; team: string; pool: number; records: FakeRecord[] };

export const supportedTypes = ['A', 'AAAA', 'ALIAS', 'CAA', 'CNAME', 'MX', 'NS', 'SPF', 'SRV', 'TXT'];
const siteTypes = ['NETLIFY', 'NETLIFYv6'];

export function newId(): string {
  return randomBytes(12).toString('hex');
}

export function recordIn(zone: FakeZone, record: Partial<FakeRecord>): FakeRecord {
  const empty = { ttl: 3_600, priority: null, weight: null, port: null, flag: null, tag: null, site_id: null, errors: [], managed: false, value: '' };
  return { ...empty, type: 'A', ...record, hostname: completed(zone, record.hostname ?? '@'), id: newId(), dns_zone_id: zone.id };
}

/** Relative names and `@` are completed with the name of the zone. */
function completed(zone: FakeZone, hostname: string): string {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  if (name === '@' || name === zone.name) return zone.name;
  return name.endsWith(`.${zone.name}`) ? name : `${name}.${zone.name}`;
}

/** Why a record is refused, by field as their answers have it; `null`: it is taken. */
export function problemOf(zone: FakeZone, record: FakeRecord, copies: 'accepted' | 'refused'): Record<string, string[]> | null {
  const invalid = dataProblem(record);
  if (invalid !== null) return { value: [invalid] };
  const atName = zone.records.filter(({ hostname }) => hostname === record.hostname);
  if (['A', 'AAAA', 'ALIAS', 'CNAME'].includes(record.type) && atName.some(({ type }) => siteTypes.includes(type))) return { dns_api: [`${zone.name} - ${record.hostname} 400 - link exists, all config must be empty`] };
  if (record.type === 'CNAME' && record.hostname === zone.name) return { dns_api: [`${zone.name} - a CNAME cannot be at the apex`] };
  if (atName.some(({ type }) => (type === 'CNAME') !== (record.type === 'CNAME') || record.type === 'CNAME')) return { dns_api: [`${zone.name} - ${record.hostname} 400 - a CNAME conflicts with another record`] };
  if (record.type === 'ALIAS' && atName.some(({ type }) => type === 'ALIAS')) return { dns_api: [`${zone.name} - ${record.hostname} 400 - record already exists`] };
  const isCopy = atName.some(({ type, value, priority, weight, port, flag, tag }) => type === record.type && value === record.value && priority === record.priority && weight === record.weight && port === record.port && flag === record.flag && tag === record.tag);
  return isCopy && copies === 'refused' ? { hostname: ['has already been taken'] } : null;
}

function dataProblem({ type, value, ttl, priority, weight, port, flag, tag }: FakeRecord): string | null {
  if (!supportedTypes.includes(type)) return 'the type is not supported';
  if (typeof value !== 'string' || value === '') return "can't be blank";
  if (typeof ttl !== 'number' || ttl < 1) return 'the TTL is not valid';
  if (type === 'A' && !/^\d{1,3}(\.\d{1,3}){3}$/.test(value)) return 'is not an IPv4 address';
  if (type === 'AAAA' && !/^[0-9a-f:.]+$/i.test(value)) return 'is not an IPv6 address';
  if (['MX', 'SRV', 'CNAME', 'ALIAS', 'NS'].includes(type) && !/^[^\s.]+(\.[^\s.]+)+\.?$/.test(value)) return 'is not a hostname';
  if (type === 'MX' && priority === null) return 'priority is missing';
  if (type === 'SRV' && [priority, weight, port].includes(null)) return 'priority, weight or port is missing';
  if (type === 'CAA' && (flag === null || tag === null)) return 'flag or tag is missing';
  return null;
}
