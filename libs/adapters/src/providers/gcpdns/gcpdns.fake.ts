import { jsonAnswer, objectOf, startFakeServer, type FakeAnswer, type FakeFaultRule, type FakeRequest, type FakeServer } from '../../conformance/index.js';
import { FakeTokens, type FakeAccount } from './gcpdns-tokens.fake.js';
import { HeldZone, keyOf, quota, type FakeZoneSeed, type HeldChange, type HeldSet, type Refusal } from './gcpdns-zone.fake.js';

/** Permissions of IAM, on the project and so on all zones, or on single ones by their names. */
export type FakeGrants = { project: readonly string[]; zones?: Readonly<Record<string, readonly string[]>> };

/** `credential` is the key file of the one service account. What is missing is as in a project where everything is in order. */
export type GcpdnsFakeOptions = {
  port?: number;
  zones: readonly FakeZoneSeed[];
  credential: string;
  faults?: readonly FakeFaultRule[];
  /** The project of the zones, where it is not that of the account. */
  project?: string;
  grants?: FakeGrants;
  now?: () => Date;
  account?: FakeAccount['state'];
  tokenSeconds?: number;
  expiresAsText?: boolean;
  apiHost?: string;
  /** Looks at a change before it is done. */
  pendingLooks?: number;
  /** Sets of a page at most, whatever is asked for. */
  pageLimit?: number;
  trouble?: 'api_off' | 'no_billing';
  callsPerMinute?: number;
  /** The project's quota of records in a set, if it was raised. */
  recordsPerSet?: number;
  /** The pause between reading a request and carrying it out. */
  betweenCheckAndWrite?: () => Promise<void> | void;
};

export type RunningGcpdnsFake = FakeServer & { zones: Map<string, HeldZone>; tokens: FakeTokens; addZone(seed: FakeZoneSeed): HeldZone };

/** What roles/dns.admin holds, as far as it matters here. */
const dnsAdmin = [
  ...['list', 'get', 'create', 'update', 'delete', 'setIamPolicy'].map((verb) => `dns.managedZones.${verb}`),
  ...['list', 'get', 'create', 'update', 'delete'].map((verb) => `dns.resourceRecordSets.${verb}`),
  ...['create', 'get', 'list'].map((verb) => `dns.changes.${verb}`),
  'dns.projects.get',
];

/** Plays Cloud DNS v1 and Google's token endpoint on one port. https://cloud.google.com/dns/docs/reference/rest/v1, discovery revision 20260915. */
export async function startGcpdnsFake(options: GcpdnsFakeOptions): Promise<RunningGcpdnsFake> {
  const key = JSON.parse(options.credential) as { client_email: string; private_key_id?: string; private_key: string; project_id: string };
  const now = options.now ?? (() => new Date());
  const { grants = { project: dnsAdmin }, project = key.project_id, pageLimit = 1_000 } = options;
  const tokens = new FakeTokens({
    account: { email: key.client_email, keyId: key.private_key_id, pem: key.private_key, state: options.account },
    now, lifetimeSeconds: options.tokenSeconds ?? 3_599, apiHost: options.apiHost ?? 'dns.googleapis.com', expiresAsText: options.expiresAsText,
  });
  const zones = new Map<string, HeldZone>();
  const calls = { minute: -1, count: 0 };
  let nextId = 1_234_567_890_123_456_789n;

  function addZone(seed: FakeZoneSeed): HeldZone {
    const zone = new HeldZone(String(nextId++), seed, options.recordsPerSet);
    zones.set(seed.name, zone);
    return zone;
  }

  async function handle(request: FakeRequest): Promise<FakeAnswer> {
    const answer = await routed(request);
    return { ...answer, headers: { date: now().toUTCString(), ...answer.headers } };
  }

  async function routed(request: FakeRequest): Promise<FakeAnswer> {
    if (request.method === 'POST' && request.headers['content-type']?.startsWith('application/json') === true && objectOf(request.body) === null) return failed({ status: 400, reason: 'parseError', message: 'Parse Error' });
    if (request.method === 'POST' && /^\/(token|o\/oauth2\/token|oauth2\/v[34]\/token)$/.test(request.path)) return tokens.grant(request.body);
    const accepted = tokens.accepts(request.headers['authorization']);
    if (accepted === 'no') return failed({ status: 401, reason: 'authError', message: 'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.' }, 'UNAUTHENTICATED');
    if (accepted === 'scope') return failed({ status: 403, reason: 'insufficientPermissions', message: 'Request had insufficient authentication scopes.' }, 'PERMISSION_DENIED');
    const [dns, version, projects, named, room, ...rest] = request.path.replace(/^\//, '').split('/').map(decodeURIComponent);
    if (dns !== 'dns' || version !== 'v1' || projects !== 'projects') return { status: 404, headers: { 'content-type': 'text/html' }, text: '<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>' };
    const refusal = projectRefusal(named!);
    if (refusal !== null) return failed(refusal);
    if (room === undefined) return ifMay(null, ['dns.projects.get'], () => jsonAnswer(200, { kind: 'dns#project', id: project, number: '123456789012', quota: { kind: 'dns#quota', ...quota, ...(options.recordsPerSet === undefined ? {} : { resourceRecordsPerRrset: options.recordsPerSet }) } }));
    return room === 'managedZones' ? managedZones(request, rest) : failed({ status: 404, reason: 'notFound', message: 'Not Found' });
  }

  function projectRefusal(named: string): Refusal | null {
    const minute = Math.floor(now().getTime() / 60_000);
    if (calls.minute !== minute) Object.assign(calls, { minute, count: 0 });
    if (++calls.count > (options.callsPerMinute ?? Number.POSITIVE_INFINITY)) return { status: 403, reason: 'rateLimitExceeded', message: 'Quota exceeded for quota metric \'Write requests\' and limit \'Write requests per minute\' of service \'dns.googleapis.com\'.' };
    if (options.trouble === 'api_off') return { status: 403, reason: 'accessNotConfigured', message: `Cloud DNS API has not been used in project ${named} before or it is disabled.` };
    if (options.trouble === 'no_billing') return { status: 403, reason: 'inactiveBillingState', message: `Project ${named} cannot accept requests while in an inactive billing state. Billing state may take several minutes to update.` };
    return named === project ? null : forbidden;
  }

  function may(zone: HeldZone | null, permission: string): boolean {
    return grants.project.includes(permission) || (zone !== null && grants.zones?.[zone.seed.name]?.includes(permission) === true);
  }

  function ifMay(zone: HeldZone | null, permissions: readonly string[], answer: () => FakeAnswer): FakeAnswer {
    return permissions.every((permission) => may(zone, permission)) ? answer() : failed(forbidden);
  }

  function managedZones(request: FakeRequest, [last, ...rest]: readonly string[]): Promise<FakeAnswer> | FakeAnswer {
    const { method, query } = request;
    if (last === undefined && method === 'GET') {
      const wanted = query.get('dnsName');
      const found = [...zones.values()].filter(({ dnsName }) => wanted === null || wanted === dnsName);
      return ifMay(null, ['dns.managedZones.list'], () => page('dns#managedZonesListResponse', 'managedZones', found, shownZone, ({ seed }) => seed.name, query, pageLimit));
    }
    if (last === undefined && method === 'POST') {
      const { name, dnsName } = objectOf(request.body) as FakeZoneSeed;
      const twin: Refusal = { status: 409, reason: 'alreadyExists', message: `The resource 'entity.managedZone' named '${name}' already exists` };
      return ifMay(null, ['dns.managedZones.create'], () => (zones.has(name) ? failed(twin) : jsonAnswer(200, shownZone(addZone({ name, dnsName })))));
    }
    const [nameOrId = '', verb] = (last ?? '').split(':');
    const zone = zones.get(nameOrId) ?? [...zones.values()].find(({ id }) => id === nameOrId);
    if (verb === 'testIamPermissions' && method === 'POST') {
      const held = ((objectOf(request.body) as { permissions?: string[] }).permissions ?? []).filter((permission) => may(zone ?? null, permission));
      return jsonAnswer(200, held.length === 0 || zone === undefined ? {} : { permissions: held });
    }
    // Who may not see a zone is not told whether there is one.
    if (zone === undefined) return may(null, 'dns.managedZones.get') ? failed(noZone(nameOrId)) : failed(forbidden);
    const [room, ...more] = rest;
    if (room === 'rrsets') return recordSets(request, zone, more);
    if (room === 'changes') return changes(request, zone, more[0]);
    if (method === 'GET') return ifMay(zone, ['dns.managedZones.get'], () => jsonAnswer(200, shownZone(zone)));
    return ifMay(zone, ['dns.managedZones.delete'], () => {
      zones.delete(zone.seed.name);
      return { status: 204, text: '' };
    });
  }

  /** The single-set calls are the same changes in other words; PATCH overwrites whatever is there. */
  async function recordSets(request: FakeRequest, zone: HeldZone, [name, type]: readonly string[]): Promise<FakeAnswer> {
    const { method, query } = request;
    if (name === undefined && method === 'GET') {
      const [byName, byType] = [query.get('name'), query.get('type')];
      if (byType !== null && byName === null) return failed({ status: 400, reason: 'invalid', message: 'Invalid value for \'parameters.type\': name is required' });
      const found = zone.sorted().filter((set) => (byName === null || byName.toLowerCase() === set.name) && (byType === null || byType === set.type));
      return ifMay(zone, ['dns.resourceRecordSets.list'], () => page('dns#resourceRecordSetsListResponse', 'rrsets', found, shownSet, keyOf, query, pageLimit));
    }
    const present = zone.sets.get(keyOf({ name: name ?? '', type: type ?? '' }));
    if (name !== undefined && present === undefined) return failed({ status: 404, reason: 'notFound', message: `The 'parameters.name' resource named '${name} (${type})' does not exist.` });
    if (method === 'GET') return ifMay(zone, ['dns.resourceRecordSets.get'], () => jsonAnswer(200, shownSet(present!)));
    const given = method === 'DELETE' ? [] : [whole({ ...present, ...(objectOf(request.body) as Partial<HeldSet>) })];
    const answer = await change(zone, given, present === undefined ? [] : [present]);
    return answer.status === 200 ? jsonAnswer(200, method === 'DELETE' ? {} : shownSet(given[0]!)) : answer;
  }

  async function changes(request: FakeRequest, zone: HeldZone, id: string | undefined): Promise<FakeAnswer> {
    if (request.method === 'POST') {
      const body = objectOf(request.body) as { additions?: Partial<HeldSet>[]; deletions?: Partial<HeldSet>[] };
      return change(zone, (body.additions ?? []).map(whole), (body.deletions ?? []).map(whole));
    }
    if (id === undefined) return ifMay(zone, ['dns.changes.list'], () => page('dns#changesListResponse', 'changes', [...zone.changes].reverse(), shownChange, (each) => each.id, request.query, pageLimit));
    const found = zone.changes.find((each) => each.id === id);
    return ifMay(zone, ['dns.changes.get'], () => {
      if (found === undefined) return failed({ status: 404, reason: 'notFound', message: `The 'parameters.changeId' resource named '${id}' does not exist.` });
      found.looksUntilDone = Math.max(found.looksUntilDone - 1, 0);
      return jsonAnswer(200, shownChange(found));
    });
  }

  async function change(zone: HeldZone, additions: HeldSet[], deletions: HeldSet[]): Promise<FakeAnswer> {
    const updates = additions.some((set) => deletions.some((other) => keyOf(other) === keyOf(set)));
    const needed = ['dns.changes.create', ...(updates ? ['dns.resourceRecordSets.update'] : []), ...(additions.length > 0 ? ['dns.resourceRecordSets.create'] : []), ...(deletions.length > 0 ? ['dns.resourceRecordSets.delete'] : [])];
    if (!needed.every((permission) => may(zone, permission))) return failed(forbidden);
    await options.betweenCheckAndWrite?.();
    const verdict = zone.judge(additions, deletions);
    if (typeof verdict !== 'function') return failed(verdict);
    verdict();
    const done: HeldChange = { id: String(zone.changes.length), additions, deletions, startTime: now().toISOString(), looksUntilDone: (options.pendingLooks ?? 0) + 1 };
    zone.changes.push(done);
    return jsonAnswer(200, shownChange(done));
  }

  const server = await startFakeServer({ port: options.port, faults: options.faults, handle });
  for (const seed of options.zones) addZone(seed);
  return Object.assign(server, { zones, tokens, addZone });
}

const forbidden: Refusal = { status: 403, reason: 'forbidden', message: 'Forbidden' };

function noZone(name: string): Refusal {
  return { status: 404, reason: 'notFound', message: `The 'parameters.managedZone' resource named '${name}' does not exist.` };
}

export function failed({ status, reason, message }: Refusal, more?: string): FakeAnswer {
  return jsonAnswer(status, { error: { code: status, message, errors: [{ message, domain: 'global', reason }], ...(more === undefined ? {} : { status: more }) } });
}

/** Members that are left out, and a TTL as a text, as Google's client for Python sends it. */
function whole({ name = '', type = '', ttl = 0, rrdatas = [], routingPolicy }: Partial<HeldSet>): HeldSet {
  return { name, type, ttl: Number(ttl), rrdatas, ...(routingPolicy === undefined ? {} : { routingPolicy }) };
}

/** An empty list is left out of the answer. A page begins behind what the token names. */
function page<Item>(kind: string, member: string, items: readonly Item[], show: (item: Item) => object, keyOfItem: (item: Item) => string, query: URLSearchParams, limit: number): FakeAnswer {
  const size = Math.min(Number(query.get('maxResults') ?? 100), limit);
  const after = query.get('pageToken');
  const start = after === null ? 0 : items.findIndex((item) => keyOfItem(item) === Buffer.from(after, 'base64url').toString('utf8')) + 1;
  const shown = items.slice(start, start + size);
  const next = start + size < items.length ? { nextPageToken: Buffer.from(keyOfItem(shown.at(-1)!)).toString('base64url') } : {};
  return jsonAnswer(200, { kind, ...(shown.length === 0 ? {} : { [member]: shown.map(show) }), ...next });
}

function shownZone(zone: HeldZone): object {
  const { name, visibility = 'public', dnssec = 'off', more } = zone.seed;
  return {
    kind: 'dns#managedZone', id: zone.id, name, dnsName: zone.dnsName, description: '', creationTime: '2026-01-02T03:04:05.678Z', nameServers: zone.nameServers(), visibility,
    dnssecConfig: { state: dnssec, kind: 'dns#managedZoneDnsSecConfig' }, cloudLoggingConfig: { kind: 'dns#managedZoneCloudLoggingConfig' }, labels: {}, ...more,
  };
}

function shownSet({ name, type, ttl, rrdatas, routingPolicy }: HeldSet): object {
  return { kind: 'dns#resourceRecordSet', name, type, ttl, ...(routingPolicy === undefined ? { rrdatas } : { routingPolicy }), signatureRrdatas: [] };
}

function shownChange({ id, additions, deletions, startTime, looksUntilDone }: HeldChange): object {
  const isDone = looksUntilDone === 0;
  return {
    kind: 'dns#change', id, startTime, status: isDone ? 'done' : 'pending', isServing: isDone,
    ...(additions.length === 0 ? {} : { additions: additions.map(shownSet) }), ...(deletions.length === 0 ? {} : { deletions: deletions.map(shownSet) }),
  };
}
