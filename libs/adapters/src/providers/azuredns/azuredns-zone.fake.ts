import { randomUUID } from 'node:crypto';

export type TheirRecord = Record<string, unknown>;
/** A record set as Azure DNS holds it: a name relative to the zone in the case in which somebody wrote it, `@` at the apex. */
export type HeldSet = { name: string; type: string; etag: string; ttl: number; metadata: Record<string, string>; target?: string; /** A list also where there is one at most. */ records: TheirRecord[]; /** What a later version keeps with a set. */ more?: TheirRecord };
export type SetSeed = Pick<HeldSet, 'name' | 'type' | 'records'> & Partial<HeldSet>;
/** A zone as a test gives it. */
export type FakeZoneSeed = { name: string; zoneType?: 'Public' | 'Private'; sets?: readonly SetSeed[]; maxSets?: number; /** Of a set; their support raises it. */ maxRecords?: number };
export type Refusal = { status: number; code: string; message: string };
/** The properties of a write. */
export type GivenSet = { TTL?: unknown; metadata?: Record<string, string> | null; targetResource?: { id?: string } | null } & TheirRecord;

type Form = { member: string; single?: true; fits(record: TheirRecord): boolean };
const byte = '(25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const ipv4 = new RegExp(`^${byte}(\\.${byte}){3}$`);
const host = /^([a-z0-9_*-]{1,63}\.)*[a-z0-9_-]{1,63}\.?$/i;
const isText = (value: unknown, form: RegExp): boolean => typeof value === 'string' && form.test(value);
const isNumber = (value: unknown, max: number): boolean => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= max;
/** An SRV record may name nobody; an MX record may not. */
const forms: Readonly<Record<string, Form>> = {
  A: { member: 'ARecords', fits: (of) => isText(of['ipv4Address'], ipv4) },
  AAAA: { member: 'AAAARecords', fits: (of) => isText(of['ipv6Address'], /^[0-9a-f:.]*:[0-9a-f:.]*$/i) },
  CNAME: { member: 'CNAMERecord', single: true, fits: (of) => isText(of['cname'], host) },
  MX: { member: 'MXRecords', fits: (of) => isNumber(of['preference'], 65_535) && isText(of['exchange'], host) },
  NS: { member: 'NSRecords', fits: (of) => isText(of['nsdname'], host) },
  PTR: { member: 'PTRRecords', fits: (of) => isText(of['ptrdname'], host) },
  SRV: { member: 'SRVRecords', fits: (of) => ['priority', 'weight', 'port'].every((each) => isNumber(of[each], 65_535)) && (of['target'] === '.' || isText(of['target'], host)) },
  TXT: { member: 'TXTRecords', fits: (of) => Array.isArray(of['value']) && of['value'].length > 0 && of['value'].every((each) => isText(each, /^[^]{1,255}$/)) },
  CAA: { member: 'caaRecords', fits: (of) => isNumber(of['flags'], 255) && isText(of['tag'], /^[a-z0-9]{1,15}$/i) && typeof of['value'] === 'string' },
  SOA: { member: 'SOARecord', single: true, fits: () => true },
};
export const knownTypes: readonly string[] = Object.keys(forms);

export class HeldZone {
  readonly sets = new Map<string, HeldSet>();
  readonly etag = randomUUID();

  constructor(readonly seed: FakeZoneSeed) {
    const servers = this.nameServers().map((nsdname) => ({ nsdname }));
    this.put({ name: '@', type: 'NS', ttl: 172_800, records: servers });
    this.put({ name: '@', type: 'SOA', ttl: 3_600, records: [{ host: 'ns1-04.azure-dns.com.', email: 'azuredns-hostmaster.microsoft.com', serialNumber: 1, refreshTime: 3_600, retryTime: 300, expireTime: 2_419_200, minimumTTL: 300 }] });
    for (const set of seed.sets ?? []) this.put(set);
  }

  nameServers(): string[] {
    return ['com', 'net', 'org', 'info'].map((ending, at) => `ns${at + 1}-04.azure-dns.${ending}.`);
  }

  find(name: string, type: string): HeldSet | undefined {
    return this.sets.get(keyOf({ name, type }));
  }

  /** What somebody writes here gets an ETag of its own. */
  put(set: SetSeed): HeldSet {
    const held: HeldSet = { ttl: 300, metadata: {}, ...set, etag: randomUUID() };
    this.sets.set(keyOf(held), held);
    return held;
  }

  sorted(): HeldSet[] {
    return [...this.sets.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  /** Replaces a set whole (PUT), or merges it (PATCH): lists of records are replaced there, too. */
  write(name: string, type: string, given: GivenSet, headers: Readonly<Record<string, string>>, isMerge: boolean): Refusal | { set: HeldSet; isNew: boolean } {
    const present = this.find(name, type);
    const unmet = precondition(present, headers);
    if (unmet !== null) return unmet;
    if (isMerge && present === undefined) return this.noSet(name);
    const { member, single } = forms[type]!;
    const content = given[member];
    const records = content === undefined ? (isMerge ? present!.records : []) : single ? [content as TheirRecord] : ([...((content as TheirRecord[] | null) ?? [])]);
    const base: Partial<HeldSet> = isMerge ? present! : {};
    const set: HeldSet = {
      name: present?.name ?? name, type, etag: randomUUID(), ttl: Number(given.TTL ?? base.ttl), records,
      metadata: isMerge ? { ...present!.metadata, ...given.metadata } : (given.metadata ?? {}),
      target: given.targetResource?.id ?? base.target, more: isMerge ? present!.more : extrasOf(given),
    };
    const problem = this.problemOf(set);
    if (problem !== null) return problem;
    this.sets.set(keyOf(set), set);
    return { set, isNew: present === undefined };
  }

  /** `false`: there was nothing. */
  delete(name: string, type: string, headers: Readonly<Record<string, string>>): Refusal | boolean {
    const present = this.find(name, type);
    const unmet = present === undefined ? null : precondition(present, headers);
    if (unmet !== null) return unmet;
    if (name === '@' && ['NS', 'SOA'].includes(type)) return bad(`The record set of type '${type}' at the zone apex cannot be deleted.`);
    return this.sets.delete(keyOf({ name, type }));
  }

  noSet(name: string): Refusal {
    return { status: 404, code: 'NotFound', message: `The resource record '${name}' does not exist in resource group of zone '${this.seed.name}'.` };
  }

  private problemOf(set: HeldSet): Refusal | null {
    const { name, type, ttl, records, target } = set;
    const form = forms[type]!;
    if (!Number.isInteger(ttl) || ttl < 1 || ttl > 2_147_483_647) return bad('The TTL value is invalid. It must be between 1 and 2147483647.');
    if (!name.split('.').every((label, at) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label) || (at === 0 && ['*', '@'].includes(label))) || (name.includes('@') && name !== '@')) return bad(`The domain name '${name}' is invalid.`);
    if (target !== undefined && records.length > 0) return bad('A record set has records or a target resource, and not both.');
    if (target !== undefined && !['A', 'AAAA', 'CNAME'].includes(type)) return bad('The type of the record set cannot have a target resource.');
    const odd = records.find((record) => typeof record !== 'object' || record === null || !form.fits(record));
    if (odd !== undefined) return bad(`The value of a record of type '${type}' is invalid: '${JSON.stringify(odd)}'.`);
    const { maxRecords = 20 } = this.seed;
    if (records.length > maxRecords) return bad(`The number of records of type '${type}' exceeds the maximum of ${maxRecords}.`);
    if (new Set(records.map((record) => JSON.stringify(record).toLowerCase())).size < records.length && type !== 'TXT') return bad(`The list of record sets of type '${type}' may not contain multiple entries with the same value.`);
    const texts = type === 'TXT' ? records.map(({ value }) => (value as string[]).join('')) : [];
    if (new Set(texts).size < texts.length) return bad('The list of record sets of type \'TXT\' may not contain multiple entries with the same \'value\'.');
    if (texts.join('').length > 4_096) return bad('The TXT record set exceeds the maximum length of 4096 characters.');
    if (type === 'CNAME' && name === '@') return bad('A CNAME record cannot be created at the zone apex.');
    if (['NS', 'SOA'].includes(type) && name.startsWith('*')) return bad(`A wildcard record set cannot have the type '${type}'.`);
    if (type === 'SOA' && name !== '@') return bad('A SOA record set can only be at the zone apex.');
    if (type === 'NS' && name === '@' && !this.nameServers().every((server) => records.some(({ nsdname }) => String(nsdname).toLowerCase() === server))) return bad('The name servers of Azure DNS cannot be removed from the NS record set at the zone apex.');
    const others = [...this.sets.values()].filter((other) => other.name.toLowerCase() === name.toLowerCase() && other.type !== type);
    if (type === 'CNAME' && others.length > 0) return { status: 409, code: 'Conflict', message: 'The CNAME record could not be created because another record with the same name already exists in this zone.' };
    if (others.some((other) => other.type === 'CNAME')) return { status: 409, code: 'Conflict', message: 'The record could not be created because a CNAME record with the same name already exists in this zone.' };
    const isNew = !this.sets.has(keyOf(set));
    if (isNew && this.sets.size >= (this.seed.maxSets ?? 10_000)) return bad(`The maximum number of record sets in the zone '${this.seed.name}' is reached.`);
    return null;
  }
}

/** Headers as given, without quotes; of If-None-Match only `*` counts. */
function precondition(present: HeldSet | undefined, headers: Readonly<Record<string, string>>): Refusal | null {
  const unmet = (text: string): Refusal => ({ status: 412, code: 'PreconditionFailed', message: text });
  if (headers['if-none-match'] === '*' && present !== undefined) return unmet('The condition \'*\' in the If-None-Match header was not satisfied.');
  const wanted = headers['if-match'];
  if (wanted === undefined || (wanted === '*' && present !== undefined)) return null;
  return present?.etag === wanted ? null : unmet(`The condition '${wanted}' in the If-Match header was not satisfied. The current was '${present?.etag ?? ''}'.`);
}

function extrasOf(given: GivenSet): TheirRecord {
  const known = ['TTL', 'metadata', 'targetResource', 'fqdn', 'provisioningState', ...Object.values(forms).map(({ member }) => member)];
  return Object.fromEntries(Object.entries(given).filter(([name]) => name.startsWith('trafficManagement') && !known.includes(name)));
}

/** `properties` of an answer; a CNAME is one object. */
export function shownProperties({ name, type, ttl, metadata, target, records, more = {} }: HeldSet, zone: string): TheirRecord {
  const { member, single } = forms[type]!;
  const content = single ? (records.length === 0 ? {} : { [member]: records[0] }) : { [member]: records };
  return { fqdn: `${name === '@' ? '' : `${name}.`}${zone}.`, TTL: ttl, metadata, targetResource: target === undefined ? {} : { id: target }, provisioningState: 'Succeeded', ...more, ...content };
}

export function keyOf({ name, type }: { name: string; type: string }): string {
  return `${name.toLowerCase()} ${type}`;
}

function bad(message: string): Refusal {
  return { status: 400, code: 'BadRequest', message };
}
