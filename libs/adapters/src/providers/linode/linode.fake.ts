import { jsonAnswer, startFakeServer, type FakeAnswer, type FakeFaultRule, type FakeRequest, type FakeServer } from '../../conformance/index.js';
import { keptRecord, problemOf, type Problem, type FakeDomain, type FakeRecord } from './linode-records.fake.js';

/** `grants`: of a restricted user, domain name → what it may do. Left out: everything. */
export type FakeToken = { value: string; scopes?: readonly string[]; grants?: Readonly<Record<string, 'read_only' | 'read_write'>> };
export type FakeDomainInput = { domain: string; id?: number; type?: string; status?: string; ttl_sec?: number; records?: readonly Partial<FakeRecord>[] };
export type LinodeFakeOptions = {
  port?: number;
  zones?: readonly FakeDomainInput[];
  credential: string | readonly FakeToken[];
  faults?: readonly FakeFaultRule[];
  rate?: { perMinute: number };
  /** As it once was: the TTL of a create is not kept. */
  ignoresTtlOfCreates?: boolean;
  /** Racy: something happens between the validation of a write and the write. */
  betweenCheckAndWrite?: () => Promise<void>;
};
export type LinodeFake = FakeServer & { domains: Map<string, FakeDomain>; addDomain(domain: FakeDomainInput): FakeDomain; addRecord(domain: FakeDomain, record: Partial<FakeRecord>): FakeRecord; addToken(token: FakeToken): void };

const filterable: Record<string, readonly string[]> = { domains: ['domain', 'type', 'status', 'tags', 'group'], records: ['name', 'type', 'target', 'tag'] };
const refusal = (status: number, ...errors: Problem[]): FakeAnswer => jsonAnswer(status, { errors });
const notFound = (): FakeAnswer => refusal(404, { reason: 'Not found' });

/** Linode's API v4 as far as domains go: a real HTTP server that holds domains, records and tokens. */
export async function startLinodeFake(options: LinodeFakeOptions): Promise<LinodeFake> {
  const domains = new Map<string, FakeDomain>();
  const tokens = new Map((typeof options.credential === 'string' ? [{ value: options.credential }] : options.credential).map((token): [string, FakeToken] => [token.value, token]));
  const perMinute = options.rate?.perMinute ?? 200;
  let lastId = 12_345_000;
  let left = perMinute;

  function addRecord(domain: FakeDomain, record: Partial<FakeRecord>): FakeRecord {
    const added = { type: 'A', name: '', target: '', priority: 0, weight: 0, port: 0, service: null, protocol: null, ttl_sec: 0, tag: null, ...record, id: ++lastId };
    domain.records.push(added);
    return added;
  }

  function addDomain({ records = [], ...input }: FakeDomainInput): FakeDomain {
    const domain: FakeDomain = { id: ++lastId, type: 'master', status: 'active', ttl_sec: 0, ...input, domain: input.domain.toLowerCase().replace(/\.$/, ''), records: [] };
    domains.set(domain.domain, domain);
    for (const record of records) addRecord(domain, record);
    return domain;
  }

  async function handle(request: FakeRequest): Promise<FakeAnswer> {
    const token = tokens.get(/^Bearer (\S+)$/.exec(request.headers['authorization'] ?? '')?.[1] ?? '');
    const wanted = wantedScopes(request);
    const headers = {
      'x-oauth-scopes': token === undefined ? 'unknown' : (token.scopes?.join(' ') ?? '*'), 'x-accepted-oauth-scopes': wanted[0] ?? '',
      // On every answer, also on good ones.
      'retry-after': '60', 'x-ratelimit-limit': String(perMinute), 'x-ratelimit-remaining': String(Math.max(left - 1, 0)), 'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 60),
    };
    const answer = left-- > 0 ? await permitted(request, token, wanted) : refusal(429, { reason: 'Too many requests' });
    return { ...answer, headers: { ...answer.headers, ...headers } };
  }

  async function permitted(request: FakeRequest, token: FakeToken | undefined, wanted: readonly string[]): Promise<FakeAnswer> {
    if (token === undefined) return refusal(401, { reason: 'Invalid Token' });
    if (wanted.length > 0 && token.scopes !== undefined && !wanted.some((scope) => token.scopes!.includes(scope))) return refusal(401, { reason: 'Your OAuth token is not authorized to use this endpoint.' });
    const { method } = request;
    const [, version, first, id, third, recordId] = request.path.split('/').map(decodeURIComponent);
    if (version !== 'v4') return notFound();
    if (first === 'profile' && id === undefined) return jsonAnswer(200, { username: 'customer', restricted: token.grants !== undefined });
    if (first === 'profile' && id === 'grants') return token.grants === undefined ? { status: 204, text: '' } : jsonAnswer(200, { domain: Object.entries(token.grants).map(([label, permissions]) => ({ label, permissions })) });
    if (first !== 'domains') return notFound();
    const granted = [...domains.values()].filter(({ domain }) => token.grants === undefined || domain in token.grants);
    if (id === undefined) return method === 'GET' ? listed(request, granted.map(shown), filterable['domains']!) : jsonAnswer(200, shown(addDomain(JSON.parse(request.body) as FakeDomainInput)));
    const domain = granted.find((each) => each.id === Number(id));
    if (domain === undefined) return notFound();
    if (method !== 'GET' && token.grants !== undefined && token.grants[domain.domain] !== 'read_write') return refusal(403, { reason: 'Unauthorized' });
    if (third === undefined) return jsonAnswer(200, shown(domain));
    if (third === 'zone-file') return jsonAnswer(200, { zone_file: domain.records.map(({ name, type, target }) => `${name} ${type} ${target}`) });
    return third === 'records' ? ofRecords(request, domain, recordId) : notFound();
  }

  async function ofRecords(request: FakeRequest, domain: FakeDomain, id: string | undefined): Promise<FakeAnswer> {
    const { method } = request;
    if (id === undefined && method === 'GET') return listed(request, domain.records.map(dated), filterable['records']!);
    const record = domain.records.find((each) => each.id === Number(id)) ?? null;
    if (id !== undefined && record === null) return notFound();
    if (record !== null && method === 'GET') return jsonAnswer(200, dated(record));
    if (record === null || method === 'PUT') return written(domain, record, JSON.parse(request.body) as Partial<FakeRecord>);
    domain.records.splice(domain.records.indexOf(record), 1);
    return jsonAnswer(200, {});
  }

  async function written(domain: FakeDomain, record: FakeRecord | null, sent: Partial<FakeRecord>): Promise<FakeAnswer> {
    if (domain.type === 'slave') return refusal(400, { reason: 'Records of a slave domain cannot be changed' });
    if (record !== null && sent.type !== undefined && sent.type !== record.type) return refusal(400, { field: 'type', reason: 'type cannot be changed' });
    const before = record ?? { id: 0, type: '', name: '', target: '', priority: 0, weight: 0, port: 0, service: null, protocol: null, ttl_sec: 0, tag: null };
    const plain = { ...before, service: before.service?.slice(1) ?? null, protocol: before.protocol?.slice(1) ?? null };
    const kept = keptRecord(domain, { ...plain, ...sent });
    const problem = problemOf(domain, record, sent, kept);
    if (problem !== null) return refusal(400, problem);
    if (record === null && domain.records.length >= 12_000) return refusal(400, { reason: 'Too many records' });
    await options.betweenCheckAndWrite?.();
    if (record === null) return jsonAnswer(200, dated(addRecord(domain, options.ignoresTtlOfCreates === true ? { ...kept, ttl_sec: 0 } : kept)));
    Object.assign(record, kept, { id: record.id });
    return jsonAnswer(200, dated(record));
  }

  for (const zone of options.zones ?? []) addDomain(zone);
  const server = await startFakeServer({ ...(options.port === undefined ? {} : { port: options.port }), ...(options.faults === undefined ? {} : { faults: options.faults }), handle });
  return { ...server, domains, addDomain, addRecord, addToken: (token) => void tokens.set(token.value, token) };
}

/** The narrowest first; none for the profile. */
function wantedScopes({ method, path }: FakeRequest): string[] {
  if (!path.startsWith('/v4/domains')) return path.startsWith('/v4/profile/') ? ['account:read_only', '*'] : [];
  return method === 'GET' ? ['domains:read_only', 'domains:read_write', '*'] : ['domains:read_write', '*'];
}

function shown({ records: _, ...domain }: FakeDomain): Record<string, unknown> {
  return { soa_email: 'hostmaster@example.com', refresh_sec: 0, retry_sec: 0, expire_sec: 0, axfr_ips: [], master_ips: [], tags: [], group: '', description: '', ...domain };
}

/** Dates have no zone; they are UTC. */
function dated(record: FakeRecord): Record<string, unknown> {
  return { ...record, created: '2026-01-01T00:00:01', updated: '2026-01-01T00:00:01' };
}

function listed(request: FakeRequest, items: readonly Record<string, unknown>[], fields: readonly string[]): FakeAnswer {
  const size = Number(request.query.get('page_size') ?? 100);
  const page = Number(request.query.get('page') ?? 1);
  if (!(size >= 25 && size <= 500)) return refusal(400, { field: 'page_size', reason: 'Must be 25-500' });
  let fits: (item: Record<string, unknown>) => boolean;
  try {
    fits = matcher(JSON.parse(request.headers['x-filter'] ?? '{}') as Record<string, unknown>, fields);
  } catch {
    return refusal(400, { reason: 'Cannot filter on that' });
  }
  const found = items.filter(fits);
  const pages = Math.max(1, Math.ceil(found.length / size));
  if (page > pages) return notFound();
  return jsonAnswer(200, { data: found.slice((page - 1) * size, page * size), page, pages, results: found.length });
}

/** Equality on the listed fields, `+or`, `+and`, `+contains`; everything else throws. */
function matcher(filter: Record<string, unknown>, fields: readonly string[]): (item: Record<string, unknown>) => boolean {
  const parts = Object.entries(filter).filter(([key]) => !key.startsWith('+order')).map(([key, wanted]): ((item: Record<string, unknown>) => boolean) => {
    if (key === '+or' || key === '+and') {
      const inner = (wanted as Record<string, unknown>[]).map((each) => matcher(each, fields));
      return (item) => (key === '+or' ? inner.some((fits) => fits(item)) : inner.every((fits) => fits(item)));
    }
    if (!fields.includes(key)) throw new RangeError(key);
    if (typeof wanted !== 'object' || wanted === null) return (item) => item[key] === wanted;
    const { '+contains': part } = wanted as { '+contains'?: string };
    if (part === undefined) throw new RangeError(key);
    return (item) => String(item[key]).includes(part);
  });
  return (item) => parts.every((fits) => fits(item));
}
