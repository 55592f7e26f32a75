import { jsonAnswer, objectOf, startFakeServer, type FakeAnswer, type FakeFaultRule, type FakeRequest, type FakeServer } from '../../conformance/index.js';
import { conflictOf, fullName, isRefusal, validated, type FakeRecord, type FakeRecordInput, type Refusal } from './cloudflare-records.fake.js';

export type FakeZoneInput = { name: string; id?: string; status?: string; type?: string; accountId?: string; quota?: number; records?: readonly FakeRecordInput[] };
export type FakeZone = { id: string; name: string; status: string; type: string; accountId: string; quota: number; records: FakeRecord[] };
/** A token: of a user or of an account, for all zones or some, with permissions as the zone object names them. */
export type FakeToken = { value: string; owner?: 'user' | 'account'; zones?: 'all' | readonly string[]; permissions?: readonly string[]; expiresOn?: string | null; status?: 'active' | 'disabled' | 'expired' };

export type CloudflareFakeOptions = {
  port?: number;
  zones?: readonly FakeZoneInput[];
  /** A token that may do all, or tokens one by one. */
  credential: string | readonly FakeToken[];
  faults?: readonly FakeFaultRule[];
  /** Records of a page at most; the real server allows millions. */
  maxPerPage?: number;
  rate?: { calls: number; windowMs: number };
  /** Racy: something happens between the validation of a write and the write. */
  betweenCheckAndWrite?: () => Promise<void>;
  /** Tokens for single zones answer names outside their scope with 403 and code 0, as seen in 2020. */
  strictScope?: boolean;
};

export type CloudflareFake = FakeServer & { zones: Map<string, FakeZone>; addZone(zone: FakeZoneInput): FakeZone; addToken(token: FakeToken): void };

const account = 'a0000000000000000000000000000001';
const everything = ['#dns_records:edit', '#dns_records:read', '#zone:read'];
const hexId = (): string => crypto.randomUUID().replaceAll('-', '');

/** Cloudflare's API v4 as far as DNS goes: a real HTTP server that holds zones, records and tokens. */
export async function startCloudflareFake(options: CloudflareFakeOptions): Promise<CloudflareFake> {
  const zones = new Map<string, FakeZone>();
  const tokens = new Map<string, FakeToken>((typeof options.credential === 'string' ? [{ value: options.credential }] : options.credential).map((token) => [token.value, token]));
  const rate = options.rate ?? { calls: 1_200, windowMs: 300_000 };
  let window = { since: Date.now(), calls: 0 };

  function addZone(input: FakeZoneInput): FakeZone {
    const zone: FakeZone = { id: input.id ?? hexId(), name: input.name.toLowerCase().replace(/\.$/, ''), status: input.status ?? 'active', type: input.type ?? 'full', accountId: input.accountId ?? account, quota: input.quota ?? 3_500, records: [] };
    for (const record of input.records ?? []) zone.records.push(stored(record, zone));
    zones.set(zone.id, zone);
    return zone;
  }

  function spend(): number {
    if (Date.now() - window.since >= rate.windowMs) window = { since: Date.now(), calls: 0 };
    return ++window.calls;
  }

  async function handle(request: FakeRequest): Promise<FakeAnswer> {
    const calls = spend();
    const resetSeconds = Math.ceil((window.since + rate.windowMs - Date.now()) / 1000);
    const headers = { ratelimit: `"default";r=${Math.max(rate.calls - calls, 0)};t=${resetSeconds}`, 'ratelimit-policy': `"default";q=${rate.calls};w=${rate.windowMs / 1000}` };
    const answer = calls > rate.calls ? failed(429, 10_429, 'Rate limited. Please wait.', { 'retry-after': String(resetSeconds) }) : await routed(request);
    return { ...answer, headers: { ...headers, ...answer.headers } };
  }

  async function routed(request: FakeRequest): Promise<FakeAnswer> {
    const path = request.path.replace(/^\/client\/v4/, '');
    const [, first, id, third, fourth] = path.split('/');
    const isZones = first === 'zones';
    const token = tokenOf(request, isZones && third === undefined ? 'zones' : path.endsWith('/tokens/verify') ? 'verify' : 'other', tokens);
    if ('text' in token) return token;
    if (path === '/user/tokens/verify') return (token.owner ?? 'user') === 'user' ? verified(token) : failed(401, 1000, 'Invalid API Token');
    if (first === 'accounts' && path.endsWith('/tokens/verify')) return token.owner === 'account' && id === account ? verified(token) : failed(403, 9109, 'Unauthorized to access requested resource');
    if (path === '/zones' && request.method === 'GET') return listZones(request, token);
    const zone = id === undefined ? undefined : zones.get(id);
    if (!isZones || zone === undefined) return failed(404, 7003, `Could not route to ${path}, perhaps your object identifier is invalid?`);
    if (!opens(token, zone)) return failed(403, 10_000, 'Authentication error');
    if (third === undefined) return may(token, '#zone:read') ? ok(zoneObject(zone, token)) : failed(403, 10_000, 'Authentication error');
    if (third !== 'dns_records') return failed(404, 7000, 'No route for that URI');
    if (!may(token, request.method === 'GET' ? '#dns_records:read' : '#dns_records:edit')) return failed(403, 10_000, 'Authentication error');
    return records(request, zone, fourth);
  }

  function listZones({ query }: FakeRequest, token: FakeToken): FakeAnswer {
    if (!may(token, '#zone:read')) return failed(403, 10_000, 'Authentication error');
    const name = query.get('name');
    const visible = [...zones.values()].filter((zone) => opens(token, zone) && (zone.type !== 'internal' || (query.get('type') ?? '').includes('internal')));
    if (options.strictScope === true && token.zones !== 'all' && name !== null && !visible.some((zone) => zone.name === name)) {
      return failed(403, 0, "Actor 'com.cloudflare.api.token.x' requires permission 'com.cloudflare.api.account.zone.list' to list zones");
    }
    const found = visible.filter((zone) => (name === null || nameFits(zone.name, name)) && (query.get('status') ?? zone.status) === zone.status && (query.get('account.id') ?? zone.accountId) === zone.accountId);
    return page(found.map((zone) => zoneObject(zone, token)), query, 20, 50);
  }

  async function records(request: FakeRequest, zone: FakeZone, id: string | undefined): Promise<FakeAnswer> {
    const { method, query } = request;
    if (method === 'GET' && id === undefined) {
      const found = zone.records.filter((record) => (query.get('name') ?? record.name).toLowerCase() === record.name && (query.get('type') ?? record.type) === record.type && (query.get('content') ?? record.content) === record.content);
      return page(found.map(shown), query, 100, options.maxPerPage ?? 5_000_000);
    }
    const body = method === 'GET' || method === 'DELETE' ? {} : objectOf(request.body);
    if (body === null) return failed(400, 9207, 'Failed to parse the request body as JSON.');
    if (id === 'batch' && method === 'POST') return write(zone, body as Batch, (done) => done);
    if (id === undefined) return method === 'POST' ? write(zone, { posts: [body] }, ({ posts }) => posts[0]) : failed(405, 10_405, 'Method not allowed for this authentication scheme');
    const record = zone.records.find((each) => each.id === id);
    if (record === undefined) return failed(404, 81_044, 'Record does not exist.');
    if (method === 'GET') return ok(shown(record));
    if (method === 'DELETE') return write(zone, { deletes: [{ id }] }, () => ({ id }));
    if (method === 'PATCH') return write(zone, { patches: [{ ...body, id }] }, ({ patches }) => patches[0]);
    return write(zone, { puts: [{ ...body, id }] }, ({ puts }) => puts[0]);
  }

  /** One transaction: deletes, patches, puts, posts. Everything is checked on a copy, so that a refusal changes nothing. */
  async function write(zone: FakeZone, batch: Batch, result: (done: Done) => unknown): Promise<FakeAnswer> {
    const size = [batch.deletes, batch.patches, batch.puts, batch.posts].reduce((sum, part) => sum + (part?.length ?? 0), 0);
    if (size > 200) return failed(400, 1004, 'A batch has at most 200 operations on this plan');
    const done = applied(batch, zone);
    if (isRefusal(done)) return failed(done.status, done.code, done.message);
    await options.betweenCheckAndWrite?.();
    // What is written are the records named by the batch; what others did in the pause stays.
    const gone = new Set(done.deletes.map(({ id }) => id));
    const changed = new Map([...done.patches, ...done.puts].map((record) => [record.id, record]));
    zone.records = [...zone.records.filter(({ id }) => !gone.has(id)).map((record) => changed.get(record.id) ?? record), ...done.posts];
    return ok(result({ deletes: done.deletes.map(shown), patches: done.patches.map(shown), puts: done.puts.map(shown), posts: done.posts.map(shown) }));
  }

  const server = await startFakeServer({ port: options.port, faults: options.faults, handle });
  for (const zone of options.zones ?? []) addZone(zone);
  return Object.assign(server, { zones, addZone, addToken: (token: FakeToken) => void tokens.set(token.value, token) });
}

type Loose = Record<string, unknown>;
type Batch = { deletes?: { id: string }[]; patches?: Loose[]; puts?: Loose[]; posts?: Loose[] };
type Done<Item = Loose> = { deletes: Item[]; patches: Item[]; puts: Item[]; posts: Item[] };

function applied(batch: Batch, zone: FakeZone): Done<FakeRecord> | Refusal {
  const done: Done<FakeRecord> = { deletes: [], patches: [], puts: [], posts: [] };
  let records = [...zone.records];
  const now = new Date().toISOString();
  const missing: Refusal = { status: 404, code: 81_044, message: 'Record does not exist.' };
  const managed: Refusal = { status: 400, code: 1_043, message: 'This record is managed by another product.' };
  for (const { id } of batch.deletes ?? []) {
    const record = records.find((each) => each.id === id);
    if (record === undefined) return missing;
    if (record.meta.read_only === true) return managed;
    records = records.filter((each) => each !== record);
    done.deletes.push(record);
  }
  for (const kind of ['patches', 'puts'] as const) {
    for (const given of batch[kind] ?? []) {
      const old = records.find(({ id }) => id === given['id']);
      if (old === undefined) return missing;
      if (old.meta.read_only === true) return managed;
      // PUT takes the record as it is given: what is left out falls back to its default.
      const next = validated(kind === 'puts' ? given : { ...old, ...('content' in given ? { data: undefined } : {}), ...given }, zone.name, now, old);
      if (isRefusal(next)) return next;
      const conflict = conflictOf(next, records);
      if (conflict !== null) return conflict;
      records = records.map((each) => (each === old ? next : each));
      done[kind].push(next);
    }
  }
  for (const given of batch.posts ?? []) {
    const next = validated({ ...given, id: undefined, meta: undefined }, zone.name, now);
    if (isRefusal(next)) return next;
    const conflict = conflictOf(next, records);
    if (conflict !== null) return conflict;
    if (records.length >= zone.quota) return { status: 400, code: 81_045, message: 'Record quota exceeded.' };
    records.push(next);
    done.posts.push(next);
  }
  return done;
}

/** A record that is there from the start; also such as the API would not take any more. */
function stored(input: FakeRecordInput, zone: FakeZone): FakeRecord {
  const now = '2026-01-01T00:00:00.000000Z';
  const made = validated({ ttl: 300, ...input }, zone.name, now);
  if (!isRefusal(made)) return made;
  return { id: input.id ?? hexId(), name: fullName(input.name, zone.name), type: input.type, content: input.content ?? '', proxiable: false, proxied: false, ttl: input.ttl ?? 300, settings: {}, meta: input.meta ?? {}, comment: null, tags: [], created_on: now, modified_on: now };
}

function tokenOf({ headers }: FakeRequest, place: 'zones' | 'verify' | 'other', tokens: ReadonlyMap<string, FakeToken>): FakeToken | FakeAnswer {
  const header = headers['authorization'];
  if (header === undefined) return failed(400, 9106, 'Missing X-Auth-Key, X-Auth-Email or Authorization headers');
  const value = /^Bearer ([A-Za-z0-9_-]{38,})$/.exec(header)?.[1];
  if (value === undefined) return failed(400, 6003, 'Invalid request headers', {}, [{ code: 6111, message: 'Invalid format for Authorization header' }]);
  const token = tokens.get(value);
  if (token !== undefined && (token.status ?? 'active') === 'active') return token;
  if (place === 'zones') return failed(403, 9109, 'Invalid access token');
  return place === 'verify' ? failed(401, 1000, 'Invalid API Token') : failed(403, 10_000, 'Authentication error');
}

function may({ permissions = everything }: FakeToken, permission: string): boolean {
  return permissions.includes(permission);
}

function opens({ zones = 'all' }: FakeToken, zone: FakeZone): boolean {
  return zones === 'all' || zones.includes(zone.name) || zones.includes(zone.id);
}

/** `name` with an operator before a colon; `equal` where none stands. */
function nameFits(zone: string, filter: string): boolean {
  const [, operator = 'equal', text = filter] = /^([a-z_]+):(.*)$/.exec(filter) ?? [];
  const wanted = text.toLowerCase();
  if (operator === 'ends_with') return zone.endsWith(wanted);
  if (operator === 'starts_with') return zone.startsWith(wanted);
  return operator === 'contains' ? zone.includes(wanted) : zone === wanted;
}

function zoneObject(zone: FakeZone, { permissions = everything }: FakeToken): Loose {
  return {
    id: zone.id, name: zone.name, status: zone.status, paused: false, type: zone.type, development_mode: 0, name_servers: ['a.ns.cloudflare.com', 'b.ns.cloudflare.com'],
    original_name_servers: null, modified_on: '2026-01-01T00:00:00.000000Z', created_on: '2026-01-01T00:00:00.000000Z', activated_on: '2026-01-01T00:00:00.000000Z',
    meta: { step: 4, page_rule_quota: 3 }, owner: { id: null, type: 'user', email: null }, account: { id: zone.accountId, name: 'Test account' }, permissions: [...permissions],
    plan: { id: '0feeeeeeeeeeeeeeeeeeeeeeeeeeeeee', name: 'Free Website', legacy_id: 'free' },
  };
}

function shown(record: FakeRecord): Loose {
  return { ...record };
}

function page(items: readonly Loose[], query: URLSearchParams, byDefault: number, max: number): FakeAnswer {
  const perPage = Math.min(Math.max(Number(query.get('per_page') ?? byDefault), 5), max);
  const number = Number(query.get('page') ?? 1);
  const result = items.slice((number - 1) * perPage, number * perPage);
  const info = { page: number, per_page: perPage, total_pages: Math.ceil(items.length / perPage), count: result.length, total_count: items.length };
  return jsonAnswer(200, { result, result_info: info, success: true, errors: [], messages: [] });
}

function verified({ expiresOn = null }: FakeToken): FakeAnswer {
  return jsonAnswer(200, { result: { id: 'f0000000000000000000000000000001', status: 'active', ...(expiresOn === null ? {} : { expires_on: expiresOn }) }, success: true, errors: [], messages: [{ code: 10_000, message: 'This API Token is valid and active', type: null }] });
}

function ok(result: unknown): FakeAnswer {
  return jsonAnswer(200, { result, success: true, errors: [], messages: [] });
}

function failed(status: number, code: number, message: string, headers: Record<string, string> = {}, chain?: readonly object[]): FakeAnswer {
  return jsonAnswer(status, { success: false, errors: [{ code, message, ...(chain === undefined ? {} : { error_chain: chain }) }], messages: [], result: null }, headers);
}
