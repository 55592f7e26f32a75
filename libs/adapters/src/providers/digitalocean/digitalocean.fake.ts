import { jsonAnswer, startFakeServer, type FakeAnswer, type FakeFaultRule, type FakeRequest, type FakeServer } from '../../conformance/index.js';

export type FakeRecord = { id: number; type: string; name: string; data: string; priority: number | null; port: number | null; ttl: number; weight: number | null; flags: number | null; tag: string | null };
export type FakeDomain = { name: string; ttl: number; records: FakeRecord[] };
/** `scopes` left out: full access. */
export type FakeToken = { value: string; scopes?: readonly string[] };
export type FakeDomainInput = { name: string; records?: readonly Partial<FakeRecord>[] };
export type DigitaloceanFakeOptions = {
  port?: number;
  zones?: readonly FakeDomainInput[];
  credential: string | readonly FakeToken[];
  faults?: readonly FakeFaultRule[];
  rate?: { perHour: number };
  /** Racy: something happens between the validation of a write and the write. */
  betweenCheckAndWrite?: () => Promise<void>;
};
export type DigitaloceanFake = FakeServer & { domains: Map<string, FakeDomain>; addDomain(domain: FakeDomainInput): FakeDomain; addRecord(domain: FakeDomain, record: Partial<FakeRecord>): FakeRecord; addToken(token: FakeToken): void };

const types = ['A', 'AAAA', 'CAA', 'CNAME', 'MX', 'NS', 'SOA', 'SRV', 'TXT'];
const refusal = (status: number, id: string, message: string): FakeAnswer => jsonAnswer(status, { id, message, request_id: '00000000-0000-4000-8000-000000000000' });
const invalid = (message: string): FakeAnswer => refusal(422, 'unprocessable_entity', message);
const notFound = (): FakeAnswer => refusal(404, 'not_found', 'The resource you were accessing could not be found.');

/** DigitalOcean's API v2 as far as domains go: a real HTTP server that holds domains, records and tokens. */
export async function startDigitaloceanFake(options: DigitaloceanFakeOptions): Promise<DigitaloceanFake> {
  const domains = new Map<string, FakeDomain>();
  const tokens = new Map((typeof options.credential === 'string' ? [{ value: options.credential }] : options.credential).map((token): [string, FakeToken] => [token.value, token]));
  let lastId = 92_264_000;
  let left = options.rate?.perHour ?? 5_000;

  function addRecord(domain: FakeDomain, record: Partial<FakeRecord>): FakeRecord {
    const added = { type: 'A', name: '@', data: '', priority: null, port: null, ttl: domain.ttl, weight: null, flags: null, tag: null, ...record, id: ++lastId };
    domain.records.push(added);
    return added;
  }

  function addDomain({ name, records = [] }: FakeDomainInput): FakeDomain {
    const domain: FakeDomain = { name: name.toLowerCase().replace(/\.$/, ''), ttl: 1_800, records: [] };
    domains.set(domain.name, domain);
    addRecord(domain, { type: 'SOA', data: '1800' });
    for (const server of [1, 2, 3]) addRecord(domain, { type: 'NS', data: `ns${server}.digitalocean.com` });
    for (const record of records) addRecord(domain, record);
    return domain;
  }

  async function handle(request: FakeRequest): Promise<FakeAnswer> {
    const reset = Math.ceil(Date.now() / 1000) + 60;
    const headers = { 'ratelimit-limit': String(options.rate?.perHour ?? 5_000), 'ratelimit-remaining': String(Math.max(left - 1, 0)), 'ratelimit-reset': String(reset) };
    const answer = left-- > 0 ? await routed(request) : refusal(429, 'too_many_requests', 'API rate limit exceeded.');
    return { ...answer, headers: { ...answer.headers, ...headers } };
  }

  async function routed(request: FakeRequest): Promise<FakeAnswer> {
    const token = tokens.get(/^Bearer (\S+)$/.exec(request.headers['authorization'] ?? '')?.[1] ?? '');
    if (token === undefined) return refusal(401, 'Unauthorized', 'Unable to authenticate you');
    const { method } = request;
    const [, , first, name, third, id] = request.path.split('/').map(decodeURIComponent);
    const needed = first === 'account' ? ['account:read'] : scopesFor(method);
    if (token.scopes !== undefined && !needed.some((scope) => token.scopes!.includes(scope))) return refusal(403, 'forbidden', 'You do not have access for the attempted action.');
    if (first === 'account') return jsonAnswer(200, { account: { status: 'active' } });
    if (first !== 'domains') return notFound();
    if (name === undefined) return paged(request, 'domains', [...domains.values()].map((each) => ({ name: each.name, ttl: each.ttl, zone_file: null })));
    const domain = domains.get(name);
    if (domain === undefined) return notFound();
    if (third === undefined) return jsonAnswer(200, { domain: { name: domain.name, ttl: domain.ttl, zone_file: `$ORIGIN ${domain.name}.\n` } });
    if (id === undefined && method === 'GET') return listed(request, domain);
    if (id === undefined) return written(domain, null, bodyOf(request));
    const record = domain.records.find((each) => each.id === Number(id));
    if (record === undefined) return notFound();
    if (method === 'GET') return jsonAnswer(200, { domain_record: record });
    if (method !== 'DELETE') return written(domain, record, bodyOf(request));
    domain.records.splice(domain.records.indexOf(record), 1);
    return { status: 204, text: '' };
  }

  async function written(domain: FakeDomain, record: FakeRecord | null, body: Partial<FakeRecord>): Promise<FakeAnswer> {
    const wanted = { ...(record ?? { type: '', name: '', data: '', priority: null, port: null, ttl: domain.ttl, weight: null, flags: null, tag: null, id: 0 }), ...body };
    // What an update leaves out is checked as it is stored: without its final dot.
    const problem = problemOf(domain, record, wanted);
    if (problem !== null) return invalid(problem);
    await options.betweenCheckAndWrite?.();
    const stored = { ...wanted, name: relative(domain, wanted.name), data: storedData(domain, wanted) };
    if (record === null) return jsonAnswer(201, { domain_record: addRecord(domain, stored) });
    Object.assign(record, stored, { id: record.id });
    return jsonAnswer(200, { domain_record: record });
  }

  for (const zone of options.zones ?? []) addDomain(zone);
  const server = await startFakeServer({ ...(options.port === undefined ? {} : { port: options.port }), ...(options.faults === undefined ? {} : { faults: options.faults }), handle });
  return { ...server, domains, addDomain, addRecord, addToken: (token) => void tokens.set(token.value, token) };
}

function scopesFor(method: string): string[] {
  return { GET: ['domain:read'], POST: ['domain:create', 'domain:update'], PUT: ['domain:update'], PATCH: ['domain:update'], DELETE: ['domain:delete', 'domain:update'] }[method] ?? [];
}

function bodyOf(request: FakeRequest): Partial<FakeRecord> {
  return JSON.parse(request.body) as Partial<FakeRecord>;
}

function listed(request: FakeRequest, domain: FakeDomain): FakeAnswer {
  const [name, type] = [request.query.get('name'), request.query.get('type')];
  const full = (record: FakeRecord): string => (record.name === '@' ? domain.name : `${record.name}.${domain.name}`);
  return paged(request, 'domain_records', domain.records.filter((record) => (name === null || full(record) === name.toLowerCase()) && (type === null || record.type === type)));
}

function paged(request: FakeRequest, key: string, items: readonly unknown[]): FakeAnswer {
  const size = Math.min(Number(request.query.get('per_page') ?? 20), 200);
  const page = Number(request.query.get('page') ?? 1);
  const isLast = page * size >= items.length;
  const link = (to: number): string => `https://api.digitalocean.com${request.path}?page=${to}&per_page=${size}`;
  return jsonAnswer(200, { [key]: items.slice((page - 1) * size, page * size), links: isLast ? {} : { pages: { next: link(page + 1), last: link(Math.ceil(items.length / size)) } }, meta: { total: items.length } });
}

function relative(domain: FakeDomain, name: string): string {
  const plain = name.toLowerCase();
  if (plain === '@' || plain === `${domain.name}.`) return '@';
  return plain.endsWith(`.${domain.name}.`) ? plain.slice(0, -domain.name.length - 2) : plain;
}

function isHost({ type, tag }: FakeRecord): boolean {
  return ['CNAME', 'MX', 'NS', 'SRV'].includes(type) || (type === 'CAA' && tag !== 'iodef');
}

function storedData(domain: FakeDomain, record: FakeRecord): string {
  if (!isHost(record)) return record.data;
  return record.data === '@' || record.data.toLowerCase() === `${domain.name}.` ? '@' : record.data.replace(/\.$/, '');
}

function problemOf(domain: FakeDomain, record: FakeRecord | null, wanted: FakeRecord): string | null {
  const { type, data, ttl } = wanted;
  if (!types.includes(type)) return 'Type is not valid';
  if (ttl < 30 || ttl > 2_147_483_647) return 'TTL must be between 30 and 2147483647';
  if (data === '') return "Data can't be blank";
  if (isHost(wanted) && data !== '@' && !data.endsWith('.')) return 'Data needs to end with a dot (.)';
  if (isHost(wanted) && data === '.') return 'Data is not valid';
  if (type === 'A' && !/^\d{1,3}(\.\d{1,3}){3}$/.test(data)) return 'IP address did not match IPv4 format (e.g. 255.255.255.255).';
  if (type === 'AAAA' && !/^[0-9a-f:.]+$/i.test(data)) return 'IP address did not match IPv6 format.';
  if (type === 'CAA' && (/\s/.test(data) || data.includes(';'))) return 'Data is not valid';
  if (type === 'TXT' && data.includes('\\')) return 'Data contains invalid characters';
  if (type === 'TXT' && data.length + data.split('"').length - 1 + Math.ceil(data.length / 255) * 3 - 1 > 512) return 'Data is too long';
  const name = relative(domain, wanted.name);
  if (type === 'CNAME' && name === '@') return 'CNAME records cannot be at the apex';
  const others = domain.records.filter((each) => each !== record && each.name === name && each.type !== 'SOA');
  if (others.some((each) => (each.type === 'CNAME') !== (type === 'CNAME') || type === 'CNAME')) return 'CNAME records cannot share a name with other records';
  return null;
}
