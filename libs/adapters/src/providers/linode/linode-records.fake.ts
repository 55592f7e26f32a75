export type FakeRecord = { id: number; type: string; name: string; target: string; priority: number; weight: number; port: number; service: string | null; protocol: string | null; ttl_sec: number; tag: string | null };
export type FakeDomain = { id: number; domain: string; type: string; status: string; ttl_sec: number; records: FakeRecord[] };
/** What Linode does with a record that it is given, and what it refuses. */
export type Problem = { field?: string; reason: string };

const types = ['A', 'AAAA', 'CAA', 'CNAME', 'MX', 'NS', 'PTR', 'SRV', 'TXT'];
const ttlSteps = [0, 30, 120, 300, 3_600, 7_200, 14_400, 28_800, 57_600, 86_400, 172_800, 345_600, 604_800, 1_209_600, 2_419_200];
/** Fields that belong to some types only; zeros are let through. */
const own: Record<string, readonly string[]> = { priority: ['MX', 'SRV'], weight: ['SRV'], port: ['SRV'], service: ['SRV'], protocol: ['SRV'], tag: ['CAA'] };

/** Rounded up, silently, whatever the documentation says of "nearest". */
export function keptTtl(ttl: number): number {
  return ttlSteps.find((step) => step >= ttl) ?? ttlSteps.at(-1)!;
}

/** The record as it will be kept: names trimmed, final dots gone, an SRV record named by its service. */
export function keptRecord(domain: FakeDomain, wanted: FakeRecord): FakeRecord {
  const { type, service, protocol } = wanted;
  const name = type === 'SRV' ? `_${service}._${protocol}` : withoutDomain(domain, wanted.name);
  const isHost = ['CNAME', 'MX', 'NS', 'PTR', 'SRV'].includes(type);
  const target = isHost ? wanted.target.replace(/\.$/, '') : wanted.target;
  const isBare = type === 'SRV' && target !== '' && !target.includes('.');
  return { ...wanted, name, target: isBare ? `${target}.${domain.domain}` : target, ttl_sec: keptTtl(wanted.ttl_sec), ...(type === 'SRV' ? { service: `_${service}`, protocol: `_${protocol}` } : {}) };
}

export function problemOf(domain: FakeDomain, record: FakeRecord | null, sent: Partial<FakeRecord>, kept: FakeRecord): Problem | null {
  const { type, name, target } = kept;
  if (!types.includes(type)) return { field: 'type', reason: 'Must be one of A, AAAA, NS, MX, CNAME, TXT, SRV, PTR, CAA' };
  const foreign = Object.entries(own).find(([field, of]) => !of.includes(type) && Boolean(sent[field as keyof FakeRecord]));
  if (foreign !== undefined) return { field: foreign[0], reason: `${foreign[0]} is not valid for ${type} records` };
  if (name.length > 100) return { field: 'name', reason: 'Length must be 0-100 characters' };
  if (name.includes('*') && !/^\*(\.|$)/.test(name)) return { field: 'name', reason: 'Invalid wildcard' };
  if (type === 'NS' && name.startsWith('*')) return { field: 'name', reason: 'Wildcards are not allowed for NS records' };
  const problem = dataProblem(kept);
  if (problem !== null) return { field: 'target', reason: problem };
  if (type === 'CNAME' && name === '') return { field: 'name', reason: 'CNAME records cannot be at the apex' };
  const others = domain.records.filter((each) => each !== record && each.name.toLowerCase() === name.toLowerCase());
  if (type === 'MX' && target === '' && (name !== '' || others.some((each) => each.type === 'MX'))) return { field: 'target', reason: 'A null MX must be the only MX record' };
  if (others.some((each) => type === 'CNAME' || each.type === 'CNAME')) return { reason: 'Record conflict - CNAMES must be unique' };
  return null;
}

function dataProblem({ type, target, priority, tag }: FakeRecord): string | null {
  if (target === '' && type !== 'MX') return 'target is required';
  if (type === 'A' && target !== '[remote_addr]' && !/^\d{1,3}(\.\d{1,3}){3}$/.test(target)) return 'Invalid IPv4 address';
  if (type === 'AAAA' && target !== '[remote_addr]' && !/^[0-9a-f:.]+$/i.test(target)) return 'Invalid IPv6 address';
  if (type === 'MX' && (priority < 0 || priority > 255)) return 'Must be 0-255';
  if (type === 'SRV' && priority === 0) return 'priority is required';
  if (type === 'CAA' && !['issue', 'issuewild', 'iodef'].includes(tag ?? '')) return 'Must be issue, issuewild or iodef';
  if (type === 'CAA' && /\s/.test(target)) return 'Invalid CAA target';
  return type === 'TXT' && target.length > 65_535 ? 'Too long' : null;
}

function withoutDomain(domain: FakeDomain, name: string): string {
  const plain = name.replace(/\.$/, '');
  if (plain.toLowerCase() === domain.domain) return '';
  return plain.toLowerCase().endsWith(`.${domain.domain}`) ? plain.slice(0, -domain.domain.length - 1) : plain;
}
