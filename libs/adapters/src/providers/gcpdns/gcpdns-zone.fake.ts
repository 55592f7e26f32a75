/** A record set as Cloud DNS holds it: names lower case and absolute, record data as somebody wrote it. */
export type HeldSet = { name: string; type: string; ttl: number; rrdatas: string[]; routingPolicy?: unknown };
/** A managed zone as a test gives it. `more`: further members of the answer, such as `peeringConfig`. */
export type FakeZoneSeed = { name: string; dnsName: string; visibility?: 'public' | 'private'; dnssec?: 'on' | 'off'; rrsets?: HeldSet[]; more?: Record<string, unknown> };
export type Refusal = { status: number; reason: string; message: string };
export type HeldChange = { id: string; additions: HeldSet[]; deletions: HeldSet[]; startTime: string; looksUntilDone: number };

export const quota = { rrsetAdditionsPerChange: 1_000, rrsetDeletionsPerChange: 1_000, totalRrdataSizePerChange: 100_000, resourceRecordsPerRrset: 100, rrsetsPerManagedZone: 10_000, managedZones: 10_000 };

const types = ['A', 'AAAA', 'ALIAS', 'CAA', 'CNAME', 'DNSKEY', 'DS', 'HTTPS', 'IPSECKEY', 'MX', 'NAPTR', 'NS', 'PTR', 'SOA', 'SPF', 'SRV', 'SSHFP', 'SVCB', 'TLSA', 'TXT'];
const absolute = String.raw`(\.|[^\s"]+\.)`;
const target = new RegExp(`^${absolute}$`);
const service = new RegExp(`^\\d{1,5} ${absolute}( \\S+)*$`);
const forms: Readonly<Record<string, RegExp>> = {
  A: /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/, AAAA: /^[0-9a-f:.]*:[0-9a-f:.]*$/i, CNAME: target, ALIAS: target, NS: target, PTR: target, HTTPS: service, SVCB: service,
  MX: new RegExp(`^\\d{1,5} ${absolute}$`), SRV: new RegExp(`^\\d{1,5} \\d{1,5} \\d{1,5} ${absolute}$`), CAA: /^\d{1,3} [a-z0-9]+ "([^"\\]|\\.)*"$/i,
};
const string = /"((?:[^"\\]|\\\d{3}|\\\D)*)"/g;

export class HeldZone {
  readonly sets = new Map<string, HeldSet>();
  readonly changes: HeldChange[] = [];
  readonly dnsName: string;

  constructor(readonly id: string, readonly seed: FakeZoneSeed, private readonly recordsPerSet = quota.resourceRecordsPerRrset) {
    this.dnsName = seed.dnsName.toLowerCase();
    if (seed.visibility !== 'private') this.put({ name: this.dnsName, type: 'NS', ttl: 21_600, rrdatas: this.nameServers() });
    this.put({ name: this.dnsName, type: 'SOA', ttl: 21_600, rrdatas: ['ns-cloud-a1.googledomains.com. cloud-dns-hostmaster.google.com. 1 21600 3600 259200 300'] });
    this.changes.push({ id: '0', additions: [...this.sets.values()], deletions: [], startTime: '2026-01-02T03:04:05.678Z', looksUntilDone: 0 });
    for (const set of seed.rrsets ?? []) this.put(set);
  }

  nameServers(): string[] {
    return [1, 2, 3, 4].map((number) => `ns-cloud-a${number}.googledomains.com.`);
  }

  put(set: HeldSet): void {
    const held = { ...set, name: set.name.toLowerCase(), rrdatas: set.rrdatas.map((raw) => (set.type === 'TXT' || set.type === 'SPF' ? quotedStrings(raw) : raw)) };
    this.sets.set(keyOf(held), held);
  }

  sorted(): HeldSet[] {
    return [...this.sets.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  /** All or nothing; deletions first. Gives what was wrong, or what carries the change out. */
  judge(additions: readonly HeldSet[], deletions: readonly HeldSet[]): Refusal | (() => void) {
    if (additions.length === 0 && deletions.length === 0) return { status: 400, reason: 'required', message: 'The \'entity.change\' parameter is required but was missing.' };
    const problem = overQuota(additions, deletions) ?? first(additions, (set) => this.formProblem(set)) ?? this.missingApex(additions, deletions);
    if (problem !== null) return problem;
    const after = new Map(this.sets);
    for (const set of deletions) {
      const held = after.get(keyOf(set));
      if (held === undefined) return { status: 404, reason: 'notFound', message: `The '${path('deletions', set)}' resource named '${set.name} (${set.type})' does not exist.` };
      if (!sameSet(held, set)) return { status: 412, reason: 'conditionNotMet', message: `Precondition not met for '${path('deletions', set)}'` };
      after.delete(keyOf(set));
    }
    for (const set of additions) {
      if (after.has(keyOf(set))) return { status: 409, reason: 'alreadyExists', message: `The resource '${path('additions', set)}' named '${set.name} (${set.type})' already exists` };
      after.set(keyOf(set), set);
    }
    const conflict = first(additions, (set) => cnameProblem(set, after));
    if (conflict !== null) return conflict;
    if (after.size > quota.rrsetsPerManagedZone) return exceeded('rrsetsPerManagedZone');
    return () => {
      for (const set of deletions) this.sets.delete(keyOf(set));
      for (const set of additions) this.put(set);
    };
  }

  private formProblem(set: HeldSet): Refusal | null {
    const invalid = (member: string, reason = 'invalid'): Refusal => ({ status: 400, reason, message: `Invalid value for '${path('additions', set)}.${member}'` });
    const isApex = set.name.toLowerCase() === this.dnsName;
    if (!set.name.endsWith('.') || (!isApex && !set.name.toLowerCase().endsWith(`.${this.dnsName}`)) || set.name.includes('..')) return invalid('name');
    if (!types.includes(set.type)) return invalid('type');
    if (!Number.isInteger(set.ttl) || set.ttl < 0 || set.ttl > 2_147_483_647) return invalid('ttl');
    if (set.rrdatas.length === 0 || new Set(set.rrdatas).size < set.rrdatas.length) return invalid('rrdatas');
    if (set.rrdatas.length > this.recordsPerSet) return exceeded('resourceRecordsPerRrset');
    if (set.type === 'NS' && set.name.startsWith('*.')) return invalid('name', 'wildcardNotAllowed');
    if (set.type === 'NS' && set.rrdatas.length > 8) return exceeded('nameServersPerDelegation');
    if (set.type === 'CNAME' && isApex) return invalid('type', 'recordTypeDisallowedAtZoneApex');
    if (set.type === 'CNAME' && set.rrdatas.length > 1) return invalid('rrdatas', 'invalidRecordCount');
    if (set.type === 'SOA' && !isApex) return invalid('name', 'invalidZoneApex');
    if (set.type === 'ALIAS' && (!isApex || this.seed.visibility === 'private' || this.seed.dnssec === 'on')) return invalid('type');
    const at = set.rrdatas.findIndex((raw) => forms[set.type]?.test(raw) === false || (set.type === 'TXT' && !isText(raw)));
    return at === -1 ? null : { ...invalid('rrdata'), message: `Invalid value for '${path('additions', set)}.rrdata[${at}]': '${set.rrdatas[at]}'` };
  }

  private missingApex(additions: readonly HeldSet[], deletions: readonly HeldSet[]): Refusal | null {
    const gone = deletions.find((set) => set.name === this.dnsName && ['NS', 'SOA'].includes(set.type) && !additions.some((other) => keyOf(other) === keyOf(set)));
    return gone === undefined ? null : { status: 400, reason: 'invalidZoneApex', message: `The resource record set '${path('deletions', gone)}' is invalid because a zone must contain exactly one resource record set of type '${gone.type}' at the apex.` };
  }
}

export function keyOf({ name, type }: Pick<HeldSet, 'name' | 'type'>): string {
  return `${name.toLowerCase()} ${type}`;
}

/** Name, type, TTL and all record data; their order does not matter. */
function sameSet(a: HeldSet, b: HeldSet): boolean {
  const data = (set: HeldSet): string => [...set.rrdatas].sort().join('\n');
  return a.ttl === b.ttl && data(a) === data(b) && JSON.stringify(a.routingPolicy) === JSON.stringify(b.routingPolicy);
}

function cnameProblem(set: HeldSet, after: ReadonlyMap<string, HeldSet>): Refusal | null {
  const beside = [...after.values()].some((other) => other.name === set.name && other.type !== set.type && (other.type === 'CNAME' || set.type === 'CNAME'));
  if (!beside) return null;
  const why = `the DNS name '${set.name}' may have either one CNAME resource record set or resource record sets of other types, but not both.`;
  return { status: 400, reason: 'cnameResourceRecordSetConflict', message: `The resource record set '${path('additions', set)}' is invalid because ${why}` };
}

function overQuota(additions: readonly HeldSet[], deletions: readonly HeldSet[]): Refusal | null {
  if (additions.length > quota.rrsetAdditionsPerChange) return exceeded('rrsetAdditionsPerChange');
  if (deletions.length > quota.rrsetDeletionsPerChange) return exceeded('rrsetDeletionsPerChange');
  return [...additions, ...deletions].flatMap(({ rrdatas }) => rrdatas).join('').length > quota.totalRrdataSizePerChange ? exceeded('totalRrdataSizePerChange') : null;
}

function exceeded(name: string): Refusal {
  return { status: 403, reason: 'quotaExceeded', message: `Quota exceeded: ${name}` };
}

/** The newer form of the path; it was the place in the list (`additions[0]`) before. */
function path(list: 'additions' | 'deletions', { name, type }: HeldSet): string {
  return `entity.change.${list}[${name}][${type}]`;
}

function first<Item>(items: readonly Item[], look: (item: Item) => Refusal | null): Refusal | null {
  return items.map(look).find((each) => each !== null) ?? null;
}

/** What comes without quotes is split at its spaces, as in a zone file. */
function quotedStrings(raw: string): string {
  return raw.includes('"') ? raw : raw.split(' ').map((part) => `"${part}"`).join(' ');
}

function isText(raw: string): boolean {
  if (!raw.includes('"')) return raw.split(' ').every((part) => part.length <= 255);
  const strings = [...raw.matchAll(string)];
  return raw.replaceAll(string, '').trim() === '' && !/[^\x20-\x7e]/.test(raw) && strings.every(([, inner]) => inner!.replace(/\\\d{3}|\\\D/g, 'x').length <= 255);
}
