import type { FakeAnswer } from '../../conformance/index.js';

export type FakeRecord = { type: string; name: string; data: string; ttl: number; priority?: number; weight?: number; port?: number; service?: string; protocol?: string; flag?: number; tag?: string };
export type FakeDomain = { domain: string; domainId: number; status: string; nameServers: string[]; records: FakeRecord[] };
/** What both versions share: one store, and how they refuse. */
export type FakeState = { domains: ReadonlyMap<string, FakeDomain>; pageSize: number; pause(): Promise<void> };
export type Refuse = (status: number, code: string, message: string, path?: string) => FakeAnswer;
export type Problem = { code: string; path: string };

/** In the order in which v3 lists them: by type number, name, data. */
const typeNumbers: Readonly<Record<string, number>> = { A: 1, NS: 2, CNAME: 5, SOA: 6, MX: 15, TXT: 16, AAAA: 28, SRV: 33, CAA: 257, ALIAS: 65_401 };
const hostTypes = ['ALIAS', 'CNAME', 'MX', 'NS', 'SRV'];

export function inOrder(records: readonly FakeRecord[]): FakeRecord[] {
  return [...records].sort((a, b) => (typeNumbers[a.type] ?? 0) - (typeNumbers[b.type] ?? 0) || a.name.localeCompare(b.name) || a.data.localeCompare(b.data));
}

/** The record as it will be kept: names in lower case, host names without a final dot. */
export function keptRecord(record: FakeRecord): FakeRecord {
  const name = record.name === '' ? '@' : record.name.toLowerCase();
  return { ...record, name, data: hostTypes.includes(record.type) && record.data.length > 1 ? record.data.replace(/\.$/, '') : record.data };
}

/** One record for a name, a type and data, whatever its other fields. */
export function isSame(a: FakeRecord, b: FakeRecord): boolean {
  return a.type === b.type && a.name.toLowerCase() === b.name.toLowerCase() && (a.type === 'TXT' || a.type === 'CAA' ? a.data === b.data : a.data.toLowerCase() === b.data.toLowerCase());
}

/** Made of the content, so that it changes with it. */
export function idOf({ type, name, data, ...rest }: FakeRecord): string {
  return `[${Buffer.from(JSON.stringify([type, name, data, rest.ttl, rest.priority ?? 0, rest.port ?? 0, rest.weight ?? 0, rest.service ?? ''])).toString('base64url')}]`;
}

/** What is wrong with a record by itself; `null`: nothing. `largestTtl` is that of the version. */
export function problemOf(record: FakeRecord, largestTtl: number): Problem | null {
  const { type, name, data, ttl } = record;
  const problem = (path: string, code = 'INVALID_VALUE'): Problem => ({ code, path });
  if (!(type in typeNumbers) || type === 'SOA') return problem('type', 'INVALID_VALUE_ENUM');
  if (typeof name !== 'string' || name === '' || /[^A-Za-z0-9_*.@-]/.test(name)) return problem('name');
  if (name.startsWith('*') && !['A', 'AAAA', 'CNAME'].includes(type)) return problem('name');
  if (typeof data !== 'string' || data === '' || Buffer.byteLength(data) > 512) return problem('data');
  if (!Number.isInteger(ttl) || ttl < 600 || ttl > largestTtl) return problem('ttl');
  if (['MX', 'SRV'].includes(type) && !isBetween(record.priority, 65_535)) return problem('priority', 'MISSING_PRIORITY');
  if (type === 'SRV' && !(isBetween(record.port, 65_535) && isBetween(record.weight, 65_535))) return problem('port');
  if (type === 'SRV' && !(isUnderscored(record.service) && isUnderscored(record.protocol))) return problem('service');
  if (type === 'CAA' && !(isBetween(record.flag, 255) && typeof record.tag === 'string')) return problem('tag');
  if (type === 'A' && !/^\d{1,3}(\.\d{1,3}){3}$/.test(data)) return problem('data');
  if (type === 'AAAA' && !/^[0-9a-f:.]+$/i.test(data)) return problem('data');
  if (hostTypes.includes(type) && data !== '@' && !/^[^\s.]+(\.[^\s.]+)*\.?$/.test(data)) return problem('data');
  if (type === 'CNAME' && name === '@') return problem('name');
  return null;
}

/** What stands in the way of a record among the others; `null`: nothing does. */
export function conflictOf(record: FakeRecord, others: readonly FakeRecord[]): Problem | null {
  if (others.some((other) => isSame(other, record))) return { code: 'DUPLICATE_RECORD', path: 'data' };
  // The name of an SRV record is without its service, and so not the name at which it stands.
  const atName = record.type === 'SRV' ? [] : others.filter(({ type, name }) => type !== 'SRV' && name.toLowerCase() === record.name.toLowerCase());
  return atName.some(({ type }) => (type === 'CNAME') !== (record.type === 'CNAME') || record.type === 'CNAME') ? { code: 'CNAME_CONFLICT', path: 'name' } : null;
}

function isBetween(number: number | undefined, largest: number): boolean {
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= largest;
}

function isUnderscored(label: string | undefined): boolean {
  return typeof label === 'string' && label.startsWith('_');
}
