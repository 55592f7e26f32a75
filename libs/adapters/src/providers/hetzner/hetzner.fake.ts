import { jsonAnswer, objectOf, startFakeServer, type FakeAnswer, type FakeFaultRule, type FakeRequest, type FakeServer } from '../../conformance/index.js';
import { conflictOf, invalid, isRefusal, keyRefusal, recordsOf, ttlRefusal, type FakeRecord, type FakeRrset, type Refusal } from './hetzner-records.fake.js';

export type FakeRrsetInput = { name: string; type: string; ttl?: number | null; values: readonly string[]; isProtected?: boolean };
export type FakeZoneInput = { name: string; id?: number; ttl?: number; mode?: 'primary' | 'secondary'; project?: string; rrsets?: readonly FakeRrsetInput[] };
export type FakeZone = { id: number; name: string; ttl: number; mode: 'primary' | 'secondary'; project: string; rrsets: FakeRrset[] };
export type FakeToken = { value: string; project?: string; readOnly?: boolean };
type Action = { id: number; command: string; zone: FakeZone; pollsLeft: number; fails: string | null; effect: (() => void) | null };

export type HetznerFakeOptions = {
  port?: number;
  zones?: readonly FakeZoneInput[];
  /** A Read & Write token, or tokens one by one. */
  credential: string | readonly FakeToken[];
  faults?: readonly FakeFaultRule[];
  /** An action is done at the so many-th look; default 1. Until then the zone shows nothing of it, where `appliesAtEnd`. */
  pollsUntilDone?: number;
  appliesAtEnd?: boolean;
  /** Other changes of a zone whose action is running are refused with 423. */
  locks?: boolean;
  /** What is said of a value that is there already is not documented. */
  duplicateValue?: 'uniqueness_error' | 'invalid_input';
  servers?: number;
  rate?: { limit: number; perSecond: number };
  /** Racy: something happens between the validation of a write and the write. */
  betweenCheckAndWrite?: () => Promise<void>;
};

export type HetznerFake = FakeServer & {
  zones: Map<number, FakeZone>;
  addZone(zone: FakeZoneInput): FakeZone;
  addRrset(zone: FakeZone, rrset: FakeRrsetInput): void;
  /** The next change is taken on, fails and has no effect. */
  failNextAction(code: string): void;
};

const someProject = 'some project';

/** DNS of the Cloud API v1, as far as zones, RRsets and actions go: a real HTTP server that holds zones, tokens and actions. */
export async function startHetznerFake(options: HetznerFakeOptions): Promise<HetznerFake> {
  const zones = new Map<number, FakeZone>();
  const tokens = new Map((typeof options.credential === 'string' ? [{ value: options.credential }] : options.credential).map((token): [string, FakeToken] => [token.value, token]));
  const actions = new Map<number, Action>();
  const { pollsUntilDone = 1, appliesAtEnd = false, locks = false, duplicateValue = 'uniqueness_error', servers = 0, rate = { limit: 3_600, perSecond: 1 } } = options;
  const bucket = { left: rate.limit, at: Date.now() };
  const failures: string[] = [];
  let nextZone = 53_091;
  // Action ids exceed 32 bits.
  let nextAction = 604_989_101_982_297;

  function addZone({ name, id = nextZone++, ttl = 3_600, mode = 'primary', project = someProject, rrsets = [] }: FakeZoneInput): FakeZone {
    const zone: FakeZone = { id, name: name.toLowerCase().replace(/\.$/, ''), ttl, mode, project, rrsets: [] };
    addRrset(zone, { name: '@', type: 'SOA', ttl: null, values: ['hydrogen.ns.hetzner.com. dns.hetzner.com. 2026010100 86400 10800 3600000 3600'] });
    addRrset(zone, { name: '@', type: 'NS', ttl: null, values: ['hydrogen.ns.hetzner.com.', 'oxygen.ns.hetzner.com.', 'helium.ns.hetzner.de.'] });
    for (const each of rrsets) addRrset(zone, each);
    zones.set(id, zone);
    return zone;
  }

  function addRrset(zone: FakeZone, { name, type, ttl = 3_600, values, isProtected = false }: FakeRrsetInput): void {
    const old = find(zone, name.toLowerCase(), type);
    const records = values.map((value) => ({ value, comment: '' }));
    if (old === undefined) zone.rrsets.push({ name: name.toLowerCase(), type, ttl, labels: {}, protection: { change: isProtected }, records });
    else old.records.push(...records.filter(({ value }) => !old.records.some((record) => record.value === value)));
  }

  async function handle(request: FakeRequest): Promise<FakeAnswer> {
    const seconds = (Date.now() - bucket.at) / 1000;
    Object.assign(bucket, { left: Math.min(rate.limit, bucket.left + seconds * rate.perSecond), at: Date.now() });
    const isSpent = bucket.left < 1;
    if (!isSpent) bucket.left--;
    const full = Math.ceil(Date.now() / 1000 + (rate.limit - bucket.left) / rate.perSecond);
    const headers = { 'ratelimit-limit': `${rate.limit}`, 'ratelimit-remaining': `${Math.floor(bucket.left)}`, 'ratelimit-reset': `${full}`, 'x-correlation-id': '0123456789abcdef' };
    const answer = isSpent ? failed({ status: 429, code: 'rate_limit_exceeded', message: 'Limit of 3600 requests per hour reached. Please wait.' }) : await routed(request);
    return { ...answer, headers: { ...headers, ...answer.headers } };
  }

  function routed(request: FakeRequest): Promise<FakeAnswer> | FakeAnswer {
    const token = tokens.get(/^Bearer (\S+)$/.exec(request.headers['authorization'] ?? '')?.[1] ?? '');
    if (token === undefined) return failed({ status: 401, code: 'unauthorized', message: 'unable to authenticate', details: null });
    if (token.readOnly === true && request.method !== 'GET') return failed({ status: 403, code: 'token_readonly', message: 'The token is read-only' });
    const [, version, room, id, ...rest] = request.path.split('/').map(decodeURIComponent);
    if (version !== 'v1') return notFound('Not found');
    if (room === 'servers' && id === undefined) return page('servers', Array.from({ length: servers }, (_, at) => ({ id: at + 1 })), request.query, 50);
    if (room === 'actions' && id !== undefined) return showAction(id);
    if (room === 'zones' && id === 'actions') return showAction(rest[0] ?? '');
    if (room !== 'zones') return notFound('Not found');
    const own = [...zones.values()].filter(({ project }) => project === (token.project ?? someProject));
    if (id === undefined) return page('zones', own.filter((zone) => (request.query.get('name') ?? zone.name) === zone.name && (request.query.get('mode') ?? zone.mode) === zone.mode).map(shownZone), request.query, 50);
    const zone = own.find((each) => `${each.id}` === id || each.name === id);
    if (zone === undefined) return notFound('Zone not found');
    if (rest.length === 0) return jsonAnswer(200, { zone: shownZone(zone) });
    if (rest[0] !== 'rrsets') return notFound('Not found');
    if (zone.mode === 'secondary') return failed({ status: 422, code: 'incorrect_zone_mode', message: 'This operation is not supported for this zone\'s mode' });
    return rrsets(request, zone, rest.slice(1));
  }

  function rrsets(request: FakeRequest, zone: FakeZone, [name, type, , call]: readonly string[]): Promise<FakeAnswer> | FakeAnswer {
    const { method, query } = request;
    if (name === undefined && method === 'GET') {
      const wanted = query.getAll('type');
      return page('rrsets', zone.rrsets.filter((rrset) => (query.get('name') ?? rrset.name) === rrset.name && (wanted.length === 0 || wanted.includes(rrset.type))).map((rrset) => shown(rrset, zone)), query, 100);
    }
    const body = method === 'POST' || method === 'PUT' ? objectOf(request.body) : {};
    if (body === null) return failed({ status: 400, code: 'json_error', message: 'request body is not valid JSON' });
    if (locks && [...actions.values()].some((action) => action.zone === zone && action.pollsLeft > 0)) return failed({ status: 423, code: 'locked', message: 'another action is running' });
    if (name === undefined) return method === 'POST' ? create(zone, body) : notFound('Not found');
    const rrset = find(zone, name, type ?? '');
    // `add_records` makes the set where it is missing; everything else needs it.
    if (rrset === undefined && call !== 'add_records') return notFound('RRSet not found');
    if (method === 'GET') return jsonAnswer(200, { rrset: shown(rrset!, zone) });
    if (method === 'PUT') {
      if ('records' in body) return failed({ status: 422, code: 'invalid_input', message: "can't update records with this endpoint" });
      rrset!.labels = (body['labels'] as FakeRrset['labels'] | undefined) ?? rrset!.labels;
      return jsonAnswer(200, { rrset: shown(rrset!, zone) });
    }
    if (rrset?.protection.change === true && call !== 'change_protection') return failed({ status: 423, code: 'protected', message: 'RRSet is protected' });
    if (method === 'DELETE') return isApexNs(rrset!) ? failed(invalid('type', 'the NS records of the apex cannot be deleted')) : taken(zone, 'delete_rrset', () => void zone.rrsets.splice(zone.rrsets.indexOf(rrset!), 1));
    return method === 'POST' ? act(zone, name, type!, rrset, call ?? '', body) : notFound('Not found');
  }

  function create(zone: FakeZone, body: Loose): Promise<FakeAnswer> | FakeAnswer {
    const { name, type, ttl = null, records: given, labels = {} } = body;
    const refusal = keyRefusal(name, type) ?? ttlRefusal(ttl);
    if (refusal !== null) return failed(refusal);
    const records = recordsOf(type as string, given);
    if (isRefusal(records)) return failed(records);
    if (find(zone, name as string, type as string) !== undefined) return failed({ status: 409, code: 'uniqueness_error', message: 'RRSet already exists', details: { fields: [{ name: 'name', messages: ['already exists'] }] } });
    const conflict = conflictOf(name as string, type as string, records.length, zone.rrsets);
    if (conflict !== null) return failed(conflict);
    const rrset: FakeRrset = { name: name as string, type: type as string, ttl: ttl as number | null, labels: labels as FakeRrset['labels'], protection: { change: false }, records };
    return taken(zone, 'create_rrset', () => void zone.rrsets.push(rrset), { rrset: shown(rrset, zone) });
  }

  function act(zone: FakeZone, name: string, type: string, rrset: FakeRrset | undefined, call: string, body: Loose): Promise<FakeAnswer> | FakeAnswer {
    const command = `${call.replace('_records', '_rrset_records').replace('change_', 'change_rrset_')}`;
    if (call === 'change_ttl') return failIf(ttlRefusal(body['ttl'])) ?? taken(zone, command, () => void (rrset!.ttl = body['ttl'] as number | null));
    if (call === 'change_protection') return taken(zone, command, () => void (rrset!.protection = { change: body['change'] === true }));
    if (!['add_records', 'remove_records', 'set_records', 'update_records'].includes(call)) return notFound('Not found');
    const key = keyRefusal(name, type);
    if (key !== null) return failed(key);
    const records = recordsOf(type, body['records']);
    if (isRefusal(records)) return failed(records);
    const has = (value: string): boolean => rrset?.records.some((record) => record.value === value) ?? false;
    if (call === 'add_records') return add(zone, { name, type, ttl: body['ttl'] as number | null | undefined }, rrset, records, has);
    if (call !== 'set_records' && !records.every(({ value }) => has(value))) return notFound('Record not found');
    if (call === 'update_records') return taken(zone, command, () => void (rrset!.records = rrset!.records.map((record) => records.find(({ value }) => value === record.value) ?? record)));
    if (call === 'set_records') return failIf(conflictOf(name, type, records.length, zone.rrsets)) ?? taken(zone, command, () => void (rrset!.records = records));
    return taken(zone, command, () => {
      rrset!.records = rrset!.records.filter(({ value }) => !records.some((record) => record.value === value));
      if (rrset!.records.length === 0) zone.rrsets.splice(zone.rrsets.indexOf(rrset!), 1);
    });
  }

  function add(zone: FakeZone, { name, type, ttl }: { name: string; type: string; ttl: number | null | undefined }, rrset: FakeRrset | undefined, records: FakeRecord[], has: (value: string) => boolean): Promise<FakeAnswer> | FakeAnswer {
    if (records.some(({ value }) => has(value))) return failed(duplicateValue === 'uniqueness_error' ? { status: 409, code: 'uniqueness_error', message: 'record already exists' } : invalid('records', 'already exists'));
    if (rrset !== undefined && ttl != null && rrset.ttl !== null && ttl !== rrset.ttl) return failed(invalid('ttl', 'must equal the TTL of the RRSet'));
    return failIf(ttlRefusal(ttl) ?? conflictOf(name, type, records.length + (rrset?.records.length ?? 0), zone.rrsets)) ?? taken(zone, 'add_rrset_records', () => {
      if (rrset === undefined) zone.rrsets.push({ name, type, ttl: ttl ?? null, labels: {}, protection: { change: false }, records });
      else rrset.records.push(...records);
    });
  }

  /** 201 says that a change is taken on; what became of it says the action. */
  async function taken(zone: FakeZone, command: string, effect: () => void, more: object = {}): Promise<FakeAnswer> {
    await options.betweenCheckAndWrite?.();
    const action: Action = { id: nextAction++, command, zone, pollsLeft: pollsUntilDone, fails: failures.shift() ?? null, effect };
    actions.set(action.id, action);
    if (!appliesAtEnd) finish(action);
    return jsonAnswer(201, { ...more, action: shownAction(action) });
  }

  function finish(action: Action): void {
    if (action.fails === null) action.effect?.();
    action.effect = null;
  }

  function showAction(id: string): FakeAnswer {
    const action = actions.get(Number(id));
    if (action === undefined) return notFound('Action not found');
    if (action.pollsLeft > 0 && --action.pollsLeft === 0) finish(action);
    return jsonAnswer(200, { action: shownAction(action) });
  }

  const server = await startFakeServer({ port: options.port, faults: options.faults, handle });
  for (const zone of options.zones ?? []) addZone(zone);
  return Object.assign(server, { zones, addZone, addRrset, failNextAction: (code: string) => void failures.push(code) });
}

type Loose = Record<string, unknown>;

function find(zone: FakeZone, name: string, type: string): FakeRrset | undefined {
  return zone.rrsets.find((rrset) => rrset.name === name && rrset.type === type);
}

function isApexNs({ name, type }: FakeRrset): boolean {
  return name === '@' && (type === 'NS' || type === 'SOA');
}

function page(field: string, items: readonly object[], query: URLSearchParams, max: number): FakeAnswer {
  const size = Math.min(Number(query.get('per_page') ?? 25), max);
  const number = Number(query.get('page') ?? 1);
  const last = Math.max(Math.ceil(items.length / size), 1);
  const pagination = { page: number, per_page: size, previous_page: number > 1 ? number - 1 : null, next_page: number < last ? number + 1 : null, last_page: last, total_entries: items.length };
  return jsonAnswer(200, { [field]: items.slice((number - 1) * size, number * size), meta: { pagination } });
}

function shownZone({ id, name, ttl, mode, rrsets }: FakeZone): Loose {
  const assigned = ['hydrogen.ns.hetzner.com.', 'oxygen.ns.hetzner.com.', 'helium.ns.hetzner.de.'];
  return {
    id, name, mode, ttl, labels: {}, primary_nameservers: [], created: '2026-01-01T00:00:00Z', protection: { delete: false }, status: 'ok',
    authoritative_nameservers: { assigned, delegated: assigned, delegation_last_check: '2026-01-08T04:48:17Z', delegation_status: 'valid' },
    record_count: rrsets.reduce((sum, { records }) => sum + records.length, 0), registrar: 'other',
  };
}

function shown(rrset: FakeRrset, zone: FakeZone): Loose {
  return { id: `${rrset.name}/${rrset.type}`, ...rrset, records: rrset.records.map((record) => ({ ...record })), zone: zone.id };
}

function shownAction({ id, command, zone, pollsLeft, fails }: Action): Loose {
  const isRunning = pollsLeft > 0;
  const status = isRunning ? 'running' : fails === null ? 'success' : 'error';
  return {
    id, status, command, progress: isRunning ? 0 : 100, started: '2026-01-01T00:00:00Z', finished: isRunning ? null : '2026-01-01T00:00:02Z',
    error: status === 'error' ? { code: fails, message: 'Action failed' } : null, resources: [{ id: zone.id, type: 'zone' }],
  };
}

function failed({ status, code, message, details = null }: Refusal): FakeAnswer {
  return jsonAnswer(status, { error: { code, message, details } });
}

function failIf(refusal: Refusal | null): FakeAnswer | null {
  return refusal === null ? null : failed(refusal);
}

function notFound(message: string): FakeAnswer {
  return failed({ status: 404, code: 'not_found', message });
}
