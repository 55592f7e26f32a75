import { jsonAnswer, startFakeServer, type FakeAnswer, type FakeFaultRule, type FakeRequest, type FakeServer } from '../../conformance/index.js';

/** As stored: names relative, '' is the apex. */
export type FakeRecord = { id: number; name: string; type: string; content: string; ttl: number; prio: number | null; notes: string | null };
export type FakeDomain = { name: string; apiAccess: boolean; records: FakeRecord[] };
/** `domains` and `addresses` left out: not restricted. */
export type FakeKey = { apikey: string; secretapikey: string; domains?: readonly string[]; addresses?: readonly string[] };
export type FakeDomainInput = { name: string; apiAccess?: boolean; records?: readonly Partial<FakeRecord>[] };
export type PorkbunFakeOptions = {
  port?: number;
  zones?: readonly FakeDomainInput[];
  credential: string | readonly FakeKey[];
  faults?: readonly FakeFaultRule[];
  rate?: { calls: number; windowMs: number };
  /** The least TTL of the account: 600, in older ones 300. */
  leastTtl?: number;
  /** `2024`: no error codes, no `credentialsValid`, no `apiAccess`, a vague refusal of copies, ids as numbers, the name servers listed. */
  version?: '2024' | '2026';
  /** Refusals come with HTTP 200. */
  refusalsAre200?: boolean;
  /** What a key that is restricted to some domains gets of `listAll`: those, or a refusal. */
  restrictedList?: 'filtered' | 'refused';
  /** Racy: something happens between the validation of a write and the write. */
  betweenCheckAndWrite?: () => Promise<void>;
};
export type PorkbunFake = FakeServer & { domains: Map<string, FakeDomain>; addDomain(domain: FakeDomainInput): FakeDomain; addRecord(domain: FakeDomain, record: Partial<FakeRecord>): FakeRecord; addKey(key: FakeKey): void };

type Body = Record<string, string | number | null | undefined>;
const types = ['A', 'AAAA', 'ALIAS', 'CAA', 'CNAME', 'HTTPS', 'MX', 'NS', 'SRV', 'SSHFP', 'SVCB', 'TLSA', 'TXT'];
const perPage = 1_000;

/** Porkbun's API v3 as far as domains and DNS go: a real HTTP server that holds domains, records and keys. */
export async function startPorkbunFake(options: PorkbunFakeOptions): Promise<PorkbunFake> {
  const isOld = options.version === '2024';
  const domains = new Map<string, FakeDomain>();
  const keys: FakeKey[] = typeof options.credential === 'string' ? [keyOf(options.credential)] : [...options.credential];
  const kept = new Map<string, { request: string; answer: FakeAnswer }>();
  let lastId = 432_480_000;
  let window = { startsAt: 0, calls: 0 };

  const refusal = (status: number, code: string, message: string, more: Record<string, unknown> = {}): FakeAnswer =>
    jsonAnswer(options.refusalsAre200 === true ? 200 : status, isOld ? { status: 'ERROR', message } : { status: 'ERROR', code, message, requestId: '0197c0de-0000-7000-8000-000000000000', ...more });
  const success = (more: Record<string, unknown> = {}): FakeAnswer => jsonAnswer(200, { status: 'SUCCESS', ...more }, { 'x-api-version': isOld ? '3.0' : '3.44' });

  function addRecord(domain: FakeDomain, record: Partial<FakeRecord>): FakeRecord {
    const added = { name: '', type: 'A', content: '', ttl: 600, prio: null, notes: null, ...record, id: ++lastId };
    domain.records.push(added);
    return added;
  }

  function addDomain({ name, apiAccess = true, records = [] }: FakeDomainInput): FakeDomain {
    const domain: FakeDomain = { name: name.toLowerCase().replace(/\.$/, ''), apiAccess, records: [] };
    domains.set(domain.name, domain);
    for (const record of records) addRecord(domain, record);
    return domain;
  }

  async function handle(request: FakeRequest): Promise<FakeAnswer> {
    const { rate } = options;
    const now = Date.now();
    if (rate !== undefined && now - window.startsAt >= rate.windowMs) window = { startsAt: now, calls: 0 };
    if (rate !== undefined && ++window.calls > rate.calls) {
      const seconds = Math.ceil((window.startsAt + rate.windowMs - now) / 1000);
      return { ...refusal(429, 'RATE_LIMIT_EXCEEDED', 'Rate limit exceeded.', { ttlRemaining: seconds }), headers: { 'content-type': 'application/json', 'retry-after': String(seconds), 'x-ratelimit-limit': String(rate.calls), 'x-ratelimit-remaining': '0' } };
    }
    const body = request.body === '' ? {} : (JSON.parse(request.body) as Body);
    const key = keyOfRequest(request, body);
    const path = request.path.replace(/^\/api\/json\/v3\//, '').split('/').map(decodeURIComponent);
    if (path[0] === 'ping' && key === 'none') return success({ yourIp: request.peer, xForwardedFor: request.peer });
    if (typeof key === 'string') return refusal(400, key === 'none' ? 'API_KEY_REQUIRED' : key, key === 'MISSING_SECRETAPIKEY' ? 'A secretapikey is required.' : 'Invalid API key. (001)');
    if (key.addresses?.includes(request.peer) === false) return refusal(403, 'IP_NOT_ALLOWED', 'This address is not allowed.');
    if (path[0] === 'ping') return success({ yourIp: request.peer, ...(isOld ? {} : { xForwardedFor: request.peer, credentialsValid: true }) });
    if (path[0] === 'domain' && path[1] === 'listAll') return listed(request, body, key);
    return repeated(request, () => routed(path, body, key));
  }

  /** The same `Idempotency-Key` within 24 hours: the answer of then. */
  async function repeated(request: FakeRequest, work: () => Promise<FakeAnswer>): Promise<FakeAnswer> {
    const idempotencyKey = isOld ? undefined : request.headers['idempotency-key'];
    const before = kept.get(idempotencyKey ?? '');
    if (before !== undefined && before.request !== `${request.path} ${request.body}`) return refusal(409, 'IDEMPOTENCY_KEY_MISMATCH', 'The key was used with another body.');
    if (before !== undefined) return { ...before.answer, headers: { ...before.answer.headers, 'idempotent-replayed': 'true' } };
    const answer = await work();
    if (idempotencyKey !== undefined) kept.set(idempotencyKey, { request: `${request.path} ${request.body}`, answer });
    return answer;
  }

  function keyOfRequest({ headers }: FakeRequest, body: Body): FakeKey | string {
    const inBody = 'apikey' in body || 'secretapikey' in body;
    const apikey = inBody ? body['apikey'] : headers['x-api-key'];
    const secretapikey = inBody ? body['secretapikey'] : headers['x-secret-api-key'];
    if (apikey === undefined && secretapikey === undefined) return 'none';
    if (secretapikey === undefined) return 'MISSING_SECRETAPIKEY';
    if (apikey === undefined) return 'MISSING_APIKEY';
    return keys.find((each) => each.apikey === apikey && each.secretapikey === secretapikey) ?? 'INVALID_API_KEYS_001';
  }

  function listed({ query }: FakeRequest, body: Body, key: FakeKey): FakeAnswer {
    if (key.domains !== undefined && options.restrictedList === 'refused') return refusal(403, 'DOMAIN_NOT_ALLOWED', 'This key is restricted to some domains.');
    const start = Number(body['start'] ?? query.get('start') ?? 0);
    const all = [...domains.values()].filter(({ name }) => key.domains?.includes(name) ?? true);
    const page = all.slice(start, start + perPage).map(({ name, apiAccess }) => ({ domain: name, status: 'ACTIVE', tld: name.split('.').at(-1), createDate: '2024-01-02 03:04:05', expireDate: '2027-01-02 03:04:05', securityLock: '1', whoisPrivacy: '1', autoRenew: 0, notLocal: 0, ...(isOld ? {} : { apiAccess: apiAccess ? 1 : 0 }) }));
    return success({ ...(isOld ? {} : { count: page.length }), domains: page });
  }

  async function routed([group, action = '', name = '', ...rest]: string[], body: Body, key: FakeKey): Promise<FakeAnswer> {
    const domain = domains.get(name.toLowerCase());
    if (key.domains?.includes(name.toLowerCase()) === false) return refusal(403, 'DOMAIN_NOT_ALLOWED', 'This key is restricted to other domains.');
    if (group === 'domain' && action === 'get') return domain === undefined ? refusal(404, 'DOMAIN_NOT_FOUND', 'Domain not found.') : success({ domain: { domain: domain.name, apiAccess: Number(domain.apiAccess) } });
    if (domain === undefined || !domain.apiAccess) return refusal(400, 'INVALID_DOMAIN', 'Invalid domain.');
    if (group === 'domain' && action === 'getNs') return success({ ns: nameServers });
    if (group !== 'dns') return refusal(404, 'NOT_FOUND', 'No such call.');
    if (action === 'create') return written(domain, null, body);
    if (action.endsWith('ByNameType')) return ofSet(domain, action, rest, body);
    const record = domain.records.find(({ id }) => String(id) === rest[0]);
    if (action === 'retrieve') return rest[0] === undefined ? success({ cloudflare: 'enabled', records: [...(isOld ? serversOf(domain) : []), ...domain.records.map((each) => shown(domain, each))] }) : record === undefined ? badId() : success({ records: [shown(domain, record)] });
    if (record === undefined) return badId();
    if (action === 'edit') return written(domain, record, body);
    domain.records.splice(domain.records.indexOf(record), 1);
    return success();
  }

  const badId = (): FakeAnswer => refusal(400, 'INVALID_RECORD_ID', 'Invalid record ID.');

  async function written(domain: FakeDomain, record: FakeRecord | null, body: Body): Promise<FakeAnswer> {
    // An edit without a name moves the record to the apex; one without notes is taken to clear them.
    const wanted: FakeRecord = {
      id: record?.id ?? 0, name: String(body['name'] ?? '').toLowerCase(), type: String(body['type'] ?? '').toUpperCase(), content: String(body['content'] ?? ''),
      ttl: Math.max(Number(body['ttl'] ?? 0), options.leastTtl ?? 600), prio: body['prio'] == null ? null : Number(body['prio']), notes: body['notes'] == null ? null : String(body['notes']),
    };
    const problem = problemOf(domain, record, wanted);
    if (problem !== null && isOld && record === null) return refusal(400, '', 'Create error: We were unable to create the DNS record.');
    if (problem !== null) return refusal(400, problem.code, problem.message, problem.existingId === undefined ? {} : { existingId: String(problem.existingId) });
    if (body['dryRun'] === String(true)) return success({ wouldSucceed: true });
    await options.betweenCheckAndWrite?.();
    if (record !== null) Object.assign(record, wanted);
    const id = record?.id ?? addRecord(domain, wanted).id;
    return success(record === null ? { id: isOld ? id : String(id), ...(isOld ? {} : { warnings: [] }) } : {});
  }

  function ofSet(domain: FakeDomain, action: string, [type = '', sub = '']: string[], body: Body): FakeAnswer {
    const meant = domain.records.filter((each) => each.type === type.toUpperCase() && each.name === sub.toLowerCase());
    if (action.startsWith('retrieve')) return success({ records: meant.map((each) => shown(domain, each)) });
    if (action.startsWith('delete')) domain.records = domain.records.filter((each) => !meant.includes(each));
    else for (const each of meant) Object.assign(each, { content: String(body['content'] ?? '') });
    return success();
  }

  for (const zone of options.zones ?? []) addDomain(zone);
  const server = await startFakeServer({ ...(options.port === undefined ? {} : { port: options.port }), ...(options.faults === undefined ? {} : { faults: options.faults }), handle });
  return { ...server, domains, addDomain, addRecord, addKey: (key) => void keys.push(key) };
}

const nameServers = ['curitiba.ns.porkbun.com', 'fortaleza.ns.porkbun.com', 'maceio.ns.porkbun.com', 'salvador.ns.porkbun.com'];

function keyOf(credential: string): FakeKey {
  const [apikey = '', secretapikey = ''] = credential.split(':');
  return { apikey, secretapikey };
}

function serversOf({ name }: FakeDomain): Record<string, string | null>[] {
  return nameServers.map((content, at) => ({ id: String(1_000 + at), name, type: 'NS', content, ttl: '86400', prio: null, notes: null }));
}

/** Names are shown fully qualified, everything as a string. */
function shown(domain: FakeDomain, { id, name, type, content, ttl, prio, notes }: FakeRecord): Record<string, string | null> {
  return { id: String(id), name: name === '' ? domain.name : `${name}.${domain.name}`, type, content, ttl: String(ttl), prio: String(prio ?? 0), notes };
}

function problemOf(domain: FakeDomain, record: FakeRecord | null, wanted: FakeRecord): { code: string; message: string; existingId?: number } | null {
  const { name, type, content, prio } = wanted;
  const invalid = (message: string): { code: string; message: string } => ({ code: 'INVALID_CONTENT', message });
  if (!types.includes(type)) return { code: 'INVALID_TYPE', message: 'Invalid type.' };
  if (content === '' || (type === 'TXT' && content.endsWith(' '))) return invalid('Invalid content.');
  if (type === 'A' && !/^\d{1,3}(\.\d{1,3}){3}$/.test(content)) return invalid('Invalid IPv4 address.');
  if (type === 'AAAA' && !/^[0-9a-f:.]+$/i.test(content)) return invalid('Invalid IPv6 address.');
  if (type === 'CAA' && !/^\d+ [a-z0-9]+ "[^"\s]*"$/i.test(content)) return invalid('Invalid CAA record.');
  if (['ALIAS', 'CNAME', 'MX', 'NS', 'SRV'].includes(type) && /(^|\s)\.?$|\.$/.test(content)) return invalid('Invalid host name.');
  if (name === '' && (type === 'CNAME' || type === 'NS')) return invalid(`${type} is not possible at the root of the domain.`);
  const others = domain.records.filter((each) => each !== record && each.name === name);
  const same = others.find((each) => each.type === type && each.content === content && (each.prio ?? 0) === (prio ?? 0));
  if (same !== undefined) return { code: 'DUPLICATE_RECORD', message: 'The record exists already.', existingId: same.id };
  const alone = (each: FakeRecord): boolean => each.type === 'CNAME' || type === 'CNAME';
  const addresses = ['A', 'AAAA', 'ALIAS'];
  if (others.some((each) => alone(each) || (addresses.includes(each.type) && addresses.includes(type) && (each.type === 'ALIAS') !== (type === 'ALIAS')))) return { code: 'RECORD_CONFLICT', message: 'Another record is at this name.' };
  if (type === 'TXT' && content.startsWith('v=spf1') && others.some((each) => each.type === 'TXT' && each.content.startsWith('v=spf1'))) return { code: 'SPF_CONFLICT', message: 'An SPF record exists.' };
  if (record === null && domain.records.length >= 2_500) return { code: 'ZONE_RECORD_LIMIT', message: 'The zone is full.' };
  return null;
}
