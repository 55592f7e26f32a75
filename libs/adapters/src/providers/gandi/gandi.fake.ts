import { jsonAnswer, objectOf, startFakeServer, type FakeAnswer, type FakeFaultRule, type FakeRequest, type FakeServer } from '../../conformance/index.js';
import { conflictOf, stored, type FakeRrset, type FieldError } from './gandi-records.fake.js';

export type FakeRrsetInput = { name: string; type: string; ttl?: number; values: readonly string[] };
export type FakeDomainInput = { name: string; rrsets?: readonly FakeRrsetInput[] };
export type FakeDomain = { name: string; rrsets: FakeRrset[] };
/** `apiKey`: the old kind, which opens everything. `domains`: what a personal access token is restricted to. */
export type FakeToken = { value: string; apiKey?: boolean; domains?: readonly string[]; mayWrite?: boolean; endsInSeconds?: number };

export type GandiFakeOptions = {
  port?: number;
  zones?: readonly FakeDomainInput[];
  /** A token that may do all (24 characters: an API key), or tokens one by one. */
  credential: string | readonly FakeToken[];
  faults?: readonly FakeFaultRule[];
  /** What is not documented for certain: lists without pages, and what is said of a name without records and of a domain out of reach. */
  quirks?: { pages?: boolean; emptyName?: 'empty_list' | 'not_found'; outOfReach?: 403 | 404; wrongScheme?: 401 | 403 | 500 };
  callsPerMinute?: number;
  /** Racy: something happens between the validation of a write and the write. */
  betweenCheckAndWrite?: () => Promise<void>;
};

export type GandiFake = FakeServer & { domains: Map<string, FakeDomain>; addDomain(domain: FakeDomainInput): FakeDomain; addRrset(domain: FakeDomain, rrset: FakeRrsetInput): void };

/** LiveDNS, API v5, and the description of tokens at id.gandi.net: a real HTTP server that holds domains and tokens. */
export async function startGandiFake(options: GandiFakeOptions): Promise<GandiFake> {
  const domains = new Map<string, FakeDomain>();
  const credentials = typeof options.credential === 'string' ? [{ value: options.credential, apiKey: options.credential.length === 24 }] : options.credential;
  const tokens = new Map(credentials.map((token): [string, FakeToken] => [token.value, token]));
  const { pages = true, emptyName = 'empty_list', outOfReach = 404, wrongScheme = 403 } = options.quirks ?? {};
  const limit = options.callsPerMinute ?? 1_000;
  let minute = { since: Date.now(), calls: 0 };

  function addDomain({ name, rrsets = [] }: FakeDomainInput): FakeDomain {
    const domain: FakeDomain = { name: name.toLowerCase().replace(/\.$/, ''), rrsets: [] };
    domain.rrsets.push({ rrset_name: '@', rrset_type: 'NS', rrset_ttl: 10_800, rrset_values: ['ns-12-a.gandi.net.', 'ns-201-b.gandi.net.', 'ns-80-c.gandi.net.'] });
    for (const each of rrsets) addRrset(domain, each);
    domains.set(domain.name, domain);
    return domain;
  }

  function addRrset(domain: FakeDomain, { name, type, ttl, values }: FakeRrsetInput): void {
    const set = stored({ rrset_name: name, rrset_type: type, rrset_ttl: ttl, rrset_values: values });
    if (Array.isArray(set)) throw new TypeError(`no such record: ${JSON.stringify(set)}`);
    const old = find(domain, set.rrset_name, type);
    if (old === undefined) domain.rrsets.push(set);
    else old.rrset_values.push(...set.rrset_values.filter((value) => !old.rrset_values.includes(value)));
  }

  function handle(request: FakeRequest): Promise<FakeAnswer> | FakeAnswer {
    if (Date.now() - minute.since >= 60_000) minute = { since: Date.now(), calls: 0 };
    if (++minute.calls > limit) return failed(429, 'HTTPTooManyRequests', 'Too Many Requests', 'Rate limit exceeded');
    const token = tokenOf(request);
    if ('text' in token) return token;
    if (request.path === '/tokeninfo') return jsonAnswer(200, { pat_name: 'a token', scope: [], entities: [], expires_in: token.endsInSeconds ?? 31_536_000 });
    const [, version, service, room, name, records, rrsetName, rrsetType] = request.path.split('/').map(decodeURIComponent);
    if (version !== 'v5' || service !== 'livedns' || room !== 'domains') return notFound();
    const open = [...domains.values()].filter((domain) => token.domains === undefined || token.domains.includes(domain.name));
    if (name === undefined) return page(open.map(shownDomain), request.query);
    const domain = open.find((each) => each.name === name);
    if (domain === undefined) return outOfReach === 403 && token.domains !== undefined ? forbidden() : notFound();
    if (records === undefined) return jsonAnswer(200, { ...shownDomain(domain), automatic_snapshots: true });
    if (records !== 'records') return notFound();
    if (request.method !== 'GET' && token.mayWrite === false) return forbidden();
    return rrsets(request, domain, rrsetName, rrsetType);
  }

  function tokenOf({ headers, path }: FakeRequest): FakeToken | FakeAnswer {
    const unknown = failed(401, 'HTTPUnauthorized', 'Unauthorized', 'The server could not verify that you authorized to access the document you requested. Either you supplied the wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.');
    const [, scheme, value] = /^(Bearer|Apikey) (\S+)$/.exec(headers['authorization'] ?? '') ?? [];
    const token = tokens.get(value ?? '');
    if (token === undefined || (path === '/tokeninfo' && token.apiKey === true)) return unknown;
    if ((scheme === 'Apikey') === (token.apiKey ?? false)) return token;
    if (wrongScheme === 500) return { status: 500, text: 'Internal Server Error' };
    return wrongScheme === 401 ? unknown : forbidden();
  }

  async function rrsets(request: FakeRequest, domain: FakeDomain, name: string | undefined, type: string | undefined): Promise<FakeAnswer> {
    const { method, query, headers } = request;
    if (method === 'GET') return read(domain, query, name, type);
    if (method === 'DELETE') return remove(domain, name, type);
    const body = objectOf(request.body);
    if (body === null) return invalid([{ location: 'body', name: '', description: 'Invalid JSON' }]);
    const made = givenSets(body, method, name, type).map(stored);
    const errors = made.flatMap((set) => (Array.isArray(set) ? set : []));
    if (errors.length > 0) return invalid(errors);
    const sets = made.filter((set): set is FakeRrset => !Array.isArray(set));
    const isLeft = (set: FakeRrset): boolean => isApexNs(set) || !(method === 'PUT' && type === undefined) || (name !== undefined && set.rrset_name !== name);
    if (sets.some(isApexNs)) return invalid([{ location: 'body', name: 'rrset_type', description: 'NS records of the apex cannot be changed' }]);
    for (const set of sets) {
      const conflict = conflictOf(set, [...domain.rrsets.filter(isLeft), ...sets]);
      if (conflict !== null) return invalid(conflict);
      const old = find(domain, set.rrset_name, set.rrset_type);
      if (method !== 'POST' || old === undefined) continue;
      if (JSON.stringify([...old.rrset_values].sort()) === JSON.stringify([...set.rrset_values].sort())) return jsonAnswer(200, { message: 'A DNS Record already exists with same value' });
      return failed(409, 'HTTPConflict', 'Conflict', 'A DNS Record already exists with other values');
    }
    if (headers['dry-run'] === '1') return jsonAnswer(200, { status: 'success' });
    await options.betweenCheckAndWrite?.();
    domain.rrsets = [...domain.rrsets.filter((set) => isLeft(set) && !sets.some((each) => each.rrset_name === set.rrset_name && each.rrset_type === set.rrset_type)), ...sets];
    return jsonAnswer(201, { message: 'DNS Record Created' });
  }

  function read(domain: FakeDomain, query: URLSearchParams, name: string | undefined, type: string | undefined): FakeAnswer {
    // Names are compared as they are written: upper case finds nothing.
    if (name === undefined) return page(domain.rrsets.filter((set) => (query.get('rrset_name') ?? set.rrset_name) === set.rrset_name && (query.get('rrset_type') ?? set.rrset_type) === set.rrset_type).map((set) => shown(set, domain)), query);
    const found = domain.rrsets.filter((set) => set.rrset_name === name && (type ?? set.rrset_type) === set.rrset_type);
    if (type !== undefined) return found[0] === undefined ? missing(name, type) : jsonAnswer(200, shown(found[0], domain));
    return found.length === 0 && emptyName === 'not_found' ? notFound() : jsonAnswer(200, found.map((set) => shown(set, domain)));
  }

  function remove(domain: FakeDomain, name: string | undefined, type: string | undefined): FakeAnswer {
    if (name !== undefined && type !== undefined && find(domain, name, type) === undefined) return missing(name, type);
    domain.rrsets = domain.rrsets.filter((set) => isApexNs(set) || (name !== undefined && set.rrset_name !== name) || (type !== undefined && set.rrset_type !== type));
    return { status: 204, text: '' };
  }

  function page(items: readonly object[], query: URLSearchParams): FakeAnswer {
    if (!pages) return jsonAnswer(200, items);
    const size = Math.min(Number(query.get('per_page') ?? 100), 100);
    const number = Number(query.get('page') ?? 1);
    const more: Record<string, string> = number * size < items.length ? { link: `<https://api.gandi.net/v5/livedns?page=${number + 1}&per_page=${size}>; rel="next"` } : {};
    return jsonAnswer(200, items.slice((number - 1) * size, number * size), { 'total-count': String(items.length), ...more });
  }

  for (const zone of options.zones ?? []) addDomain(zone);
  const server = await startFakeServer({ port: options.port, faults: options.faults, handle });
  return Object.assign(server, { domains, addDomain, addRrset });
}

type Loose = Record<string, unknown>;

/** POST …/records, POST and PUT …/{name}/{type}, PUT …/{name} and PUT …/records with `items`. */
function givenSets(body: Loose, method: string, name: string | undefined, type: string | undefined): Loose[] {
  const items = method === 'PUT' && type === undefined ? ((body['items'] as Loose[] | undefined) ?? []) : [body];
  return items.map((item) => ({ ...item, ...(name === undefined ? {} : { rrset_name: name }), ...(type === undefined ? {} : { rrset_type: type }) }));
}

function find(domain: FakeDomain, name: string, type: string): FakeRrset | undefined {
  return domain.rrsets.find((set) => set.rrset_name === name && set.rrset_type === type);
}

function isApexNs({ rrset_name: name, rrset_type: type }: FakeRrset): boolean {
  return name === '@' && type === 'NS';
}

function shownDomain({ name }: FakeDomain): Loose {
  const href = `https://api.gandi.net/v5/livedns/domains/${name}`;
  return { fqdn: name, domain_href: href, domain_keys_href: `${href}/keys`, domain_records_href: `${href}/records` };
}

function shown(set: FakeRrset, domain: FakeDomain): Loose {
  return { ...set, rrset_href: `https://api.gandi.net/v5/livedns/domains/${domain.name}/records/${encodeURIComponent(set.rrset_name)}/${set.rrset_type}` };
}

function failed(status: number, object: string, cause: string, message: string): FakeAnswer {
  return jsonAnswer(status, { code: status, message, object, cause });
}

function invalid(errors: readonly FieldError[]): FakeAnswer {
  return jsonAnswer(400, { status: 'error', errors });
}

function forbidden(): FakeAnswer {
  return failed(403, 'HTTPForbidden', 'Forbidden', 'Access was denied to this resource.');
}

function notFound(): FakeAnswer {
  return failed(404, 'HTTPNotFound', 'Not Found', 'The resource could not be found.');
}

function missing(name: string, type: string): FakeAnswer {
  return failed(404, 'dns-record', 'Not Found', `Can't find the DNS record ${name}/${type} in the zone`);
}
