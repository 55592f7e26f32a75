import { jsonAnswer, startFakeServer, type FakeAnswer, type FakeFaultRule, type FakeRequest, type FakeServer } from '../../conformance/index.js';
import { newId, problemOf, recordIn, supportedTypes, type FakeRecord, type FakeZone } from './netlify-records.fake.js';

/** `teams` left out: all. `mayWrite`: the role of the user in its teams. */
export type FakeToken = { value: string; teams?: readonly string[]; mayWrite?: boolean };
export type FakeZoneInput = { name: string; team?: string; records?: readonly Partial<FakeRecord>[] };
export type NetlifyFakeOptions = {
  port?: number;
  zones?: readonly FakeZoneInput[];
  credential: string | readonly FakeToken[];
  faults?: readonly FakeFaultRule[];
  /** Calls until 429; their window is a minute. */
  rate?: { calls: number };
  /** What the documentation leaves open: a record that is there already, and whether the list of zones has pages. */
  copies?: 'accepted' | 'refused';
  zonePages?: 'by_link' | 'none';
  /** Racy: something happens between the validation of a write and the write. */
  betweenCheckAndWrite?: () => Promise<void>;
};
export type NetlifyFake = FakeServer & { zones: FakeZone[]; addZone(zone: FakeZoneInput): FakeZone; addRecord(zone: FakeZone, record: Partial<FakeRecord>): FakeRecord; addToken(token: FakeToken): void };

const notFound = (): FakeAnswer => jsonAnswer(404, { code: 404, message: 'Not Found' });
const empty: FakeAnswer = { status: 204, text: '' };

/** Netlify's API v1 as far as DNS goes: a real HTTP server that holds zones of teams, their records, and tokens. */
export async function startNetlifyFake(options: NetlifyFakeOptions): Promise<NetlifyFake> {
  const zones: FakeZone[] = [];
  const tokens = new Map((typeof options.credential === 'string' ? [{ value: options.credential }] : options.credential).map((token): [string, FakeToken] => [token.value, token]));
  const limit = options.rate?.calls ?? 1_000_000;
  let left = limit;

  function addRecord(zone: FakeZone, record: Partial<FakeRecord>): FakeRecord {
    const added = recordIn(zone, record);
    zone.records.push(added);
    return added;
  }

  function addZone({ name, team = 'team', records = [] }: FakeZoneInput): FakeZone {
    const zone: FakeZone = { id: newId(), name: name.toLowerCase().replace(/\.$/, ''), team, pool: zones.length % 9 + 1, records: [] };
    zones.push(zone);
    for (const record of records) addRecord(zone, record);
    return zone;
  }

  async function handle(request: FakeRequest): Promise<FakeAnswer> {
    const reset = Math.ceil(Date.now() / 1000) + 60;
    const headers = { 'x-ratelimit-limit': String(limit), 'x-ratelimit-remaining': String(Math.max(left - 1, 0)), 'x-ratelimit-reset': String(reset), 'x-request-id': newId() };
    const answer = left-- > 0 ? await routed(request) : jsonAnswer(429, { code: 429, message: 'API rate limit exceeded' });
    return { ...answer, headers: { ...answer.headers, ...headers } };
  }

  async function routed(request: FakeRequest): Promise<FakeAnswer> {
    const token = tokens.get(/^Bearer (\S+)$/.exec(request.headers['authorization'] ?? '')?.[1] ?? '');
    if (token === undefined) return jsonAnswer(401, { code: 401, message: 'Access Denied: invalid token' });
    const [, first, second, resource, zoneId, third, id] = request.path.split('/').map(decodeURIComponent);
    if (first !== 'api' || second !== 'v1') return notFound();
    const visible = zones.filter(({ team }) => token.teams?.includes(team) !== false);
    if (resource === 'user') return jsonAnswer(200, { id: 'user', email: 'customer@example.com', full_name: 'Customer' });
    if (resource !== 'dns_zones') return notFound();
    if (request.method !== 'GET' && token.mayWrite === false) return jsonAnswer(403, { code: 403, message: 'Forbidden' });
    if (zoneId === undefined) return request.method === 'POST' ? created(request) : listed(request, visible);
    // By its id, or by its name with dots as underscores.
    const zone = visible.find((each) => each.id === zoneId || each.name.replaceAll('.', '_') === zoneId);
    if (zone === undefined) return notFound();
    if (third === 'dns_records') return ofRecords(request, zone, id);
    if (third !== undefined) return notFound();
    if (request.method === 'DELETE') zones.splice(zones.indexOf(zone), 1);
    return request.method === 'DELETE' ? empty : jsonAnswer(200, shown(zone));
  }

  function created(request: FakeRequest): FakeAnswer {
    const { name, account_slug: team } = JSON.parse(request.body) as { name: string; account_slug?: string };
    return jsonAnswer(201, shown(addZone(team === undefined ? { name } : { name, team })));
  }

  function listed(request: FakeRequest, visible: readonly FakeZone[]): FakeAnswer {
    const slug = request.query.get('account_slug');
    const all = visible.filter(({ team }) => slug === null || team === slug).map(shown);
    if (options.zonePages === 'none') return jsonAnswer(200, all);
    const size = Math.min(Number(request.query.get('per_page') ?? 100), 100);
    const page = Number(request.query.get('page') ?? 1);
    const next = page * size < all.length ? { link: `<https://api.netlify.com/api/v1/dns_zones?page=${page + 1}&per_page=${size}>; rel="next"` } : undefined;
    return jsonAnswer(200, all.slice((page - 1) * size, page * size), next);
  }

  async function ofRecords(request: FakeRequest, zone: FakeZone, id: string | undefined): Promise<FakeAnswer> {
    const { method } = request;
    if (id === undefined && method === 'GET') return jsonAnswer(200, zone.records);
    if (id === undefined && method === 'POST') return written(zone, JSON.parse(request.body) as Partial<FakeRecord>);
    if (id === undefined) return notFound();
    const record = zone.records.find((each) => each.id === id);
    // There is no update.
    if (method !== 'GET' && method !== 'DELETE') return jsonAnswer(405, { code: 405, message: 'Method Not Allowed' });
    if (record === undefined) return notFound();
    if (method === 'GET') return jsonAnswer(200, record);
    zone.records.splice(zone.records.indexOf(record), 1);
    return empty;
  }

  async function written(zone: FakeZone, { type, hostname, value, ttl, priority, weight, port, flag, tag }: Partial<FakeRecord>): Promise<FakeAnswer> {
    if (typeof hostname !== 'string') return jsonAnswer(500, { error: "undefined method `end_with?' for nil:NilClass" });
    const wanted = recordIn(zone, { type: type ?? '', hostname, value: value ?? '', ttl: ttl ?? 3_600, priority: priority ?? null, weight: weight ?? null, port: port ?? null, flag: flag ?? null, tag: tag ?? null });
    const problem = problemOf(zone, wanted, options.copies ?? 'accepted');
    if (problem !== null) return jsonAnswer(422, { errors: problem });
    await options.betweenCheckAndWrite?.();
    zone.records.push({ ...wanted, value: ['CNAME', 'MX', 'NS', 'SRV', 'ALIAS'].includes(wanted.type) ? wanted.value.replace(/\.$/, '') : wanted.value });
    return jsonAnswer(201, zone.records.at(-1));
  }

  for (const zone of options.zones ?? []) addZone(zone);
  const server = await startFakeServer({ ...(options.port === undefined ? {} : { port: options.port }), ...(options.faults === undefined ? {} : { faults: options.faults }), handle });
  return { ...server, zones, addZone, addRecord, addToken: (token) => void tokens.set(token.value, token) };
}

function shown({ id, name, team, pool, records }: FakeZone): Record<string, unknown> {
  return {
    id, name, account_id: `id-of-${team}`, account_slug: team, account_name: team, site_id: null, user_id: 'user', domain: null, dedicated: false, ipv6_enabled: false, errors: [],
    dns_servers: [1, 2, 3, 4].map((server) => `dns${server}.p0${pool}.nsone.net`), supported_record_types: supportedTypes, records, created_at: '2021-05-13T08:10:12.000Z', updated_at: '2021-05-13T08:10:12.000Z',
  };
}
