import { jsonAnswer, startFakeServer, type FakeAnswer, type FakeFaultRule, type FakeRequest, type FakeServer } from '../../conformance/index.js';
import { canonicalRecords, subnameErrors, ttlErrors, ttlOf, typeErrors, type Errors, type FakeRrset } from './desec-records.fake.js';

export type FakeRrsetInput = { subname: string; type: string; ttl?: number; records: readonly string[] };
export type FakeDomainInput = { name: string; minimumTtl?: number; owner?: string; rrsets?: readonly FakeRrsetInput[] };
export type FakeDomain = { name: string; minimumTtl: number; owner: string; rrsets: FakeRrset[] };
/** `writes`: the domains that the policies of the token allow to write; all where there is no policy. */
export type FakeToken = { value: string; owner?: string; writes?: readonly string[]; managesTokens?: boolean; expired?: boolean; allowedAddresses?: readonly string[] };
export type FakeRate = { amount: number; seconds: number };

export type DesecFakeOptions = {
  port?: number;
  zones?: readonly FakeDomainInput[];
  /** A token without policies, or tokens one by one. */
  credential: string | readonly FakeToken[];
  faults?: readonly FakeFaultRule[];
  pageSize?: number;
  /** A doubled slash was seen to be redirected, as a missing one is; other clients rest on its being taken for one. */
  mergesSlashes?: boolean;
  /** Default: the published ones. */
  rates?: { read?: readonly FakeRate[]; writePerDomain?: readonly FakeRate[]; user?: readonly FakeRate[] };
  /** Racy: something happens between the validation of a write and the write. */
  betweenCheckAndWrite?: () => Promise<void>;
};

export type DesecFake = FakeServer & { domains: Map<string, FakeDomain>; addDomain(domain: FakeDomainInput): FakeDomain; addRrset(domain: FakeDomain, rrset: FakeRrsetInput): void };

type Item = { subname?: unknown; type?: unknown; ttl?: unknown; records?: unknown };

const someone = 'someone';
const published = {
  read: [{ amount: 10, seconds: 1 }, { amount: 50, seconds: 60 }],
  writePerDomain: [{ amount: 2, seconds: 1 }, { amount: 15, seconds: 60 }, { amount: 100, seconds: 3_600 }, { amount: 300, seconds: 86_400 }],
  user: [{ amount: 2_000, seconds: 86_400 }],
};

/** deSEC's API v1 as far as domains, RRsets and the list of tokens go: a real HTTP server that holds domains and tokens. */
export async function startDesecFake(options: DesecFakeOptions): Promise<DesecFake> {
  const domains = new Map<string, FakeDomain>();
  const tokens = new Map((typeof options.credential === 'string' ? [{ value: options.credential }] : options.credential).map((token): [string, FakeToken] => [token.value, token]));
  const rates = { ...published, ...options.rates };
  const history = new Map<string, number[]>();
  let age = 0;

  function addDomain({ name, minimumTtl = 3_600, owner = someone, rrsets = [] }: FakeDomainInput): FakeDomain {
    const domain: FakeDomain = { name: name.toLowerCase().replace(/\.$/, ''), minimumTtl, owner, rrsets: [] };
    addRrset(domain, { subname: '', type: 'NS', records: ['ns1.desec.io.', 'ns2.desec.org.'] });
    for (const each of rrsets) addRrset(domain, each);
    domains.set(domain.name, domain);
    return domain;
  }

  /** Also with a TTL that could not be written any more. */
  function addRrset(domain: FakeDomain, { subname, type, ttl = 3_600, records }: FakeRrsetInput): void {
    const { records: canonical } = canonicalRecords(type, subname, records);
    const old = domain.rrsets.find((rrset) => rrset.subname === subname && rrset.type === type);
    if (old === undefined) domain.rrsets.push({ subname, type, ttl, records: canonical, created: nextTime(), touched: nextTime() });
    else old.records.push(...canonical.filter((record) => !old.records.includes(record)));
  }

  function nextTime(): string {
    return new Date(Date.UTC(2026, 0, 1) + age++).toISOString();
  }

  /** Sliding windows; a refused request does not count in the window that refuses it, but in those before it. */
  function throttled(key: string, limits: readonly FakeRate[]): FakeAnswer | null {
    const now = Date.now();
    const times = (history.get(key) ?? []).filter((time) => now - time < 86_400_000);
    for (const { amount, seconds } of limits) {
      const inside = times.filter((time) => now - time < seconds * 1000);
      if (inside.length < amount) continue;
      const wait = Math.ceil((inside.at(-amount)! + seconds * 1000 - now) / 1000);
      return jsonAnswer(429, { detail: `Request was throttled. Expected available in ${wait} second${wait === 1 ? '' : 's'}.` }, { 'retry-after': String(wait) });
    }
    history.set(key, [...times, now]);
    return null;
  }

  function handle(request: FakeRequest): Promise<FakeAnswer> | FakeAnswer {
    const token = tokenOf(request);
    if ('text' in token) return token;
    const path = options.mergesSlashes === true ? request.path.replaceAll(/\/+/g, '/') : request.path;
    if (!path.endsWith('/') || path.includes('//')) return redirected(request);
    const [, , , room, name, rrsets, subname, type] = path.split('/').map(decodeURIComponent);
    const overall = throttled(`user ${token.owner ?? someone}`, rates.user);
    if (overall !== null) return overall;
    if (room === 'auth' && name === 'tokens') return token.managesTokens === true ? jsonAnswer(200, [...tokens.values()].map((_, at) => ({ id: `3a6b94b5-d20e-40bd-a7cc-${String(at).padStart(12, '0')}`, name: 'a token' }))) : forbidden();
    if (room !== 'domains') return notFound();
    const isWrite = request.method !== 'GET';
    const limited = isWrite ? throttled(`write ${name}`, rates.writePerDomain) : throttled(`read ${token.owner ?? someone}`, rates.read);
    if (limited !== null) return limited;
    const owned = [...domains.values()].filter(({ owner }) => owner === (token.owner ?? someone));
    if (name === '') return listDomains(request, owned);
    const domain = owned.find((each) => each.name === name);
    if (domain === undefined) return jsonAnswer(404, { detail: 'No Domain matches the given query.' });
    if (rrsets === '') return jsonAnswer(200, { ...shownDomain(domain), keys: [] });
    if (rrsets !== 'rrsets') return notFound();
    if (isWrite && token.writes !== undefined && !token.writes.includes(domain.name)) return forbidden();
    return subname === '' ? collection(request, domain) : single(request, domain, subname === '@' ? '' : subname!.replace(/\.\.\.$/, ''), type!);
  }

  function tokenOf({ headers, peer }: FakeRequest): FakeToken | FakeAnswer {
    const refused = (detail: string): FakeAnswer => jsonAnswer(401, { detail }, { 'www-authenticate': 'Token' });
    const value = /^Token (\S+)$/.exec(headers['authorization'] ?? '')?.[1];
    if (value === undefined) return refused('Authentication credentials were not provided.');
    const token = tokens.get(value);
    return token === undefined || token.expired === true || (token.allowedAddresses !== undefined && !token.allowedAddresses.includes(peer)) ? refused('Invalid token.') : token;
  }

  function listDomains({ query, path, headers }: FakeRequest, owned: readonly FakeDomain[]): FakeAnswer {
    const wanted = query.get('owns_qname');
    if (wanted === null) return page(owned.map(shownDomain), query, path, headers);
    const found = owned.filter(({ name }) => wanted.toLowerCase() === name || wanted.toLowerCase().endsWith(`.${name}`)).sort((a, b) => b.name.length - a.name.length);
    return jsonAnswer(200, found.slice(0, 1).map(shownDomain));
  }

  function collection(request: FakeRequest, domain: FakeDomain): Promise<FakeAnswer> | FakeAnswer {
    const { method, query, path, headers } = request;
    if (method === 'GET') {
      const found = domain.rrsets.filter(({ subname, type }) => (query.get('subname') ?? subname) === subname && (query.get('type') ?? type) === type);
      return page(found.map((rrset) => shown(rrset, domain)).reverse(), query, path, headers);
    }
    const body = parsed(request.body);
    if (body === undefined) return jsonAnswer(400, { detail: 'JSON parse error' });
    if (!['POST', 'PUT', 'PATCH'].includes(method)) return jsonAnswer(405, { detail: `Method "${method}" not allowed.` });
    if (Array.isArray(body)) return write(domain, body as Item[], method, (errors, rrsets) => (errors === null ? jsonAnswer(method === 'POST' ? 201 : 200, rrsets.map((rrset) => shown(rrset, domain))) : jsonAnswer(400, errors)));
    if (method !== 'POST') return jsonAnswer(400, { non_field_errors: ['Expected a list of items but got dict.'] });
    return write(domain, [{ subname: '', ...(body as Item) }], 'POST', (errors, [rrset]) => (errors === null ? jsonAnswer(201, shown(rrset!, domain)) : jsonAnswer(400, errors[0])));
  }

  function single({ method, body }: FakeRequest, domain: FakeDomain, subname: string, type: string): Promise<FakeAnswer> | FakeAnswer {
    const rrset = domain.rrsets.find((each) => each.subname === subname && each.type === type);
    if (rrset === undefined) return method === 'DELETE' ? { status: 204, text: '' } : notFound();
    if (method === 'GET') return jsonAnswer(200, shown(rrset, domain));
    const given = method === 'DELETE' ? { records: [] } : (parsed(body) as Item | undefined);
    if (given === undefined) return jsonAnswer(400, { detail: 'JSON parse error' });
    return write(domain, [{ subname, type, ...given }], method === 'DELETE' ? 'PATCH' : method, (errors, [next]) => {
      if (errors !== null) return jsonAnswer(400, errors[0]);
      return next === undefined ? { status: 204, text: '' } : jsonAnswer(200, shown(next, domain));
    });
  }

  /** One transaction: all items are checked, then all are written, or none. */
  async function write(domain: FakeDomain, items: readonly Item[], method: string, answer: (errors: Errors[] | null, rrsets: FakeRrset[]) => FakeAnswer): Promise<FakeAnswer> {
    const checked = items.map((item) => validated(item, items, domain, method));
    if (checked.some(({ errors }) => Object.keys(errors).length > 0)) return answer(checked.map(({ errors }) => errors), []);
    await options.betweenCheckAndWrite?.();
    const written: FakeRrset[] = [];
    for (const { subname, type, ttl, records } of checked) {
      const at = domain.rrsets.findIndex((rrset) => rrset.subname === subname && rrset.type === type);
      const old = domain.rrsets[at];
      if (records?.length === 0) {
        if (old !== undefined) domain.rrsets.splice(at, 1);
        continue;
      }
      const next: FakeRrset = { subname, type, ttl: ttl ?? old!.ttl, records: records ?? old!.records, created: old?.created ?? nextTime(), touched: nextTime() };
      if (old === undefined) domain.rrsets.push(next);
      else domain.rrsets[at] = next;
      written.push(next);
    }
    return answer(null, written);
  }

  function page(items: readonly unknown[], query: URLSearchParams, path: string, headers: Record<string, string>): FakeAnswer {
    const size = options.pageSize ?? 500;
    if (items.length <= size) return jsonAnswer(200, items);
    const link = (rel: string, cursor: string): string => {
      const filters = new URLSearchParams([...query].filter(([key]) => key !== 'cursor'));
      filters.set('cursor', cursor);
      return `<http${headers['host'] === 'desec.io' ? 's' : ''}://${headers['host']}${path}?${filters.toString()}>; rel="${rel}"`;
    };
    const cursor = query.get('cursor');
    if (cursor === null) return jsonAnswer(400, { detail: `Pagination required. You can query up to ${size} items at a time (${items.length} total). Please use the \`first\` page link (see Link header).` }, { link: link('first', '') });
    const from = cursor === '' ? 0 : Number(Buffer.from(cursor, 'base64url').toString('utf8').slice(2));
    const at = (index: number): string => Buffer.from(`p=${index}`).toString('base64url');
    const links = [link('first', ''), ...(from > 0 ? [link('prev', at(Math.max(from - size, 0)))] : []), ...(from + size < items.length ? [link('next', at(from + size))] : [])];
    return jsonAnswer(200, items.slice(from, from + size), { link: links.join(', ') });
  }

  for (const zone of options.zones ?? []) addDomain(zone);
  const server = await startFakeServer({ port: options.port, faults: options.faults, handle });
  return Object.assign(server, { domains, addDomain, addRrset });
}

type Checked = { subname: string; type: string; ttl: number | undefined; records: string[] | undefined; errors: Errors };

/** api/desecapi/serializers/records.py: a PATCH may leave fields out of a set that is there; nothing may be left out of a new one. */
function validated(item: Item, items: readonly Item[], domain: FakeDomain, method: string): Checked {
  const subname = typeof item.subname === 'string' ? item.subname : '';
  const type = typeof item.type === 'string' ? item.type : '';
  const known = domain.rrsets.some((rrset) => rrset.subname === item.subname && rrset.type === item.type);
  const isEmpty = Array.isArray(item.records) && item.records.length === 0;
  const isPartial = method === 'PATCH' && (known || isEmpty);
  const collected: [string, string[]][] = [['subname', subnameErrors(item.subname, domain.name)], ['type', typeErrors(item.type)]];
  if (!isPartial || item.ttl !== undefined) collected.push(['ttl', ttlErrors(item.ttl, domain.minimumTtl)]);
  const errors: Errors = Object.fromEntries(collected.filter(([, texts]) => texts.length > 0));
  if (items.filter((other) => other.subname === item.subname && other.type === item.type).length > 1) errors['non_field_errors'] = ['Same subname and type as in position(s) 0, but must be unique.'];
  if (method === 'POST' && isEmpty) errors['records'] = ['This field must not be empty when using POST.'];
  if (method === 'POST' && known) errors['non_field_errors'] = ['Another RRset with the same subdomain and type exists for this domain. (Try modifying it.)'];
  const conflict = isEmpty ? [] : typesBeside(item, items, domain).filter((other) => (other === 'CNAME') !== (type === 'CNAME'));
  if (conflict.length > 0) errors['non_field_errors'] = [`RRset with conflicting type present: database (${conflict.sort().join(', ')}). (No other RRsets are allowed alongside CNAME.)`];
  const read = isPartial && item.records === undefined ? { records: undefined, errors: {} } : canonicalRecords(type, subname, item.records);
  return { subname, type, ttl: ttlOf(item.ttl), records: read.records, errors: Object.keys(errors).length > 0 ? errors : read.errors };
}

/** The types at the name once the request is done. */
function typesBeside(item: Item, items: readonly Item[], domain: FakeDomain): string[] {
  const types = new Set(domain.rrsets.filter(({ subname }) => subname === item.subname).map(({ type }) => type));
  for (const other of items.filter(({ subname }) => subname === item.subname)) {
    if (Array.isArray(other.records) && other.records.length === 0) types.delete(String(other.type));
    else types.add(String(other.type));
  }
  types.delete(String(item.type));
  return [...types];
}

function shownDomain({ name, minimumTtl }: FakeDomain): Record<string, unknown> {
  return { created: '2026-01-01T00:00:00.000000Z', published: '2026-01-01T00:00:00.000000Z', touched: '2026-01-01T00:00:00.000000Z', name, minimum_ttl: minimumTtl };
}

function shown({ subname, type, ttl, records, created, touched }: FakeRrset, domain: FakeDomain): Record<string, unknown> {
  return { created, domain: domain.name, subname, name: `${subname === '' ? '' : `${subname}.`}${domain.name}.`, type, records, ttl, touched };
}

/** Django and the server before it: a body does not come along. */
function redirected({ path, query }: FakeRequest): FakeAnswer {
  return { status: 301, headers: { location: `${path.replaceAll(/\/+/g, '/').replace(/\/?$/, '/')}${query.size === 0 ? '' : `?${query.toString()}`}` }, text: '' };
}

function forbidden(): FakeAnswer {
  return jsonAnswer(403, { detail: 'Insufficient token permissions.' });
}

function notFound(): FakeAnswer {
  return jsonAnswer(404, { detail: 'Not found.' });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
