import { startFakeServer, type FakeAnswer, type FakeFault, type FakeFaultRule, type FakeRequest } from '../../conformance/index.js';
import { verifySignature } from './route53-signature.fake.js';
import { documentOf, readChanges, setXml, xml, zoneXml } from './route53-xml.fake.js';
import { HeldZone, heldName, reversed, type HeldSet } from './route53-zone.fake.js';

/** Refusals of their own, beside the faults of any server. */
export type Route53FaultKind = 'throttled' | 'status_429' | 'status_500' | 'status_502' | 'status_503' | 'prior_request';
/** What an IAM policy allows: everything where it is left out. */
export type Route53Policy = { actions?: readonly string[]; zoneIds?: readonly string[] };
export type Route53FakeZone = { name: string; id?: string; private?: boolean; linkedService?: boolean; recovery?: string; maxSets?: number; maxValues?: number; records?: readonly Partial<HeldSet>[] };
export type Route53FakeOptions = {
  port?: number;
  zones: readonly Route53FakeZone[];
  /** `accessKeyId:secretAccessKey`, one or several. */
  credential: string | readonly string[];
  faults?: readonly FakeFaultRule[];
  signingRegion?: string;
  /** How often GetChange says PENDING before INSYNC. */
  pendingLooks?: number;
  /** Racy: something happens between finding a batch good and writing it. */
  betweenCheckAndWrite?: () => Promise<void>;
  /** Refused batches in the shape used until October 2024. */
  oldErrors?: boolean;
  throttle?: { burst: number; perSecond: number };
  now?: () => Date;
};

export type RunningRoute53Fake = Awaited<ReturnType<typeof startRoute53Fake>>;
type Answer = { status: number; body: string };

/** Amazon Route 53 as far as record sets go, over HTTP on loopback; it holds its zones in memory. */
export async function startRoute53Fake(options: Route53FakeOptions) {
  const now = options.now ?? ((): Date => new Date());
  const keys = new Map([options.credential].flat().map((text) => text.split(':') as [string, string]).map(([id, secret]) => [id, secret]));
  const policies = new Map<string, Route53Policy>();
  const zones = new Map<string, HeldZone>();
  const changes = new Map<string, number>();
  const calls: { action: string; at: Date }[] = [];
  const listeners: ((zone: HeldZone) => void)[] = [];
  let bucket = { tokens: options.throttle?.burst ?? 0, at: now().getTime() };

  function addZone({ name, id = `Z${String(zones.size + 1).padStart(12, '0')}FAKE`, records = [], ...more }: Route53FakeZone): HeldZone {
    const zone = new HeldZone(id, heldName(name), more);
    zones.set(id, zone);
    for (const record of records) zone.put({ type: 'A', ttl: 300, values: [], ...record, name: heldName(record.name ?? name) });
    return zone;
  }

  async function answer(request: FakeRequest): Promise<Answer> {
    const { method, path, query, body } = request;
    const verdict = verifySignature(request, keys, options.signingRegion ?? 'us-east-1', now());
    if (!('keyId' in verdict)) return error(verdict.status, verdict.code, verdict.message);
    const route = routeOf(method, path);
    if (route === null) return error(404, 'UnknownOperationException', 'Unknown operation');
    calls.push({ action: route.action, at: now() });
    if (!hasToken()) return error(400, 'Throttling', 'Rate exceeded');
    const { actions, zoneIds } = policies.get(verdict.keyId) ?? {};
    const denied = (actions !== undefined && !actions.includes(route.action)) || (zoneIds !== undefined && route.kind === 'hostedzone' && !zoneIds.includes(route.id));
    if (denied) return error(403, 'AccessDenied', `User: arn:aws:iam::123456789012:user/dns is not authorized to perform: route53:${route.action} on resource: arn:aws:route53:::${route.kind}/${route.id} because no identity-based policy allows the route53:${route.action} action`);
    if (route.action === 'ListHostedZones') return listZones(query);
    if (route.action === 'ListHostedZonesByName') return listZonesByName(query);
    if (route.action === 'GetChange') return getChange(route.id);
    const zone = zones.get(route.id);
    if (zone === undefined) return error(404, 'NoSuchHostedZone', `No hosted zone found with ID: ${route.id}`);
    if (route.action === 'GetHostedZone') return { status: 200, body: documentOf('GetHostedZoneResponse', `${zoneXml(zone)}<DelegationSet><NameServers>${zone.sets.get(`${zone.name} NS `)!.values.map((name) => `<NameServer>${name.slice(0, -1)}</NameServer>`).join('')}</NameServers></DelegationSet>`) };
    return route.action === 'ListResourceRecordSets' ? listSets(zone, query) : change(zone, body);
  }

  async function change(zone: HeldZone, body: string): Promise<Answer> {
    const wanted = readChanges(body);
    if (wanted === null) return error(400, 'InvalidInput', 'Invalid XML ; javax.xml.stream.XMLStreamException: org.xml.sax.SAXParseException; cvc-complex-type.2.4.a: Invalid content was found.');
    if (zone.options.linkedService === true) return error(403, 'AccessDenied', 'The resource hostedzone is managed by another service and cannot be changed.');
    const { refused, commit } = zone.judge(wanted);
    if (refused !== null && refused.code === 'InvalidChangeBatch' && options.oldErrors === true) return { status: 400, body: documentOf('InvalidChangeBatch', `<Messages>${refused.messages.map((each) => `<Message>${xml(each)}</Message>`).join('')}</Messages><RequestId>fake</RequestId>`) };
    if (refused !== null) return error(400, refused.code, refused.code === 'InvalidChangeBatch' ? `[${refused.messages.join(', ')}]` : refused.messages.join('; '));
    await options.betweenCheckAndWrite?.();
    commit?.();
    const id = `C${String(changes.size + 1).padStart(12, '0')}`;
    changes.set(id, options.pendingLooks ?? 1);
    for (const listener of listeners) listener(zone);
    return { status: 200, body: documentOf('ChangeResourceRecordSetsResponse', changeInfo(id, 'PENDING')) };
  }

  function getChange(id: string): Answer {
    const left = changes.get(id);
    if (left === undefined) return error(404, 'NoSuchChange', `A change with id ${id} does not exist.`);
    changes.set(id, Math.max(0, left - 1));
    return { status: 200, body: documentOf('GetChangeResponse', changeInfo(id, left > 0 ? 'PENDING' : 'INSYNC')) };
  }

  function changeInfo(id: string, status: string): string {
    return `<ChangeInfo><Id>/change/${id}</Id><Status>${status}</Status><SubmittedAt>${now().toISOString()}</SubmittedAt></ChangeInfo>`;
  }

  function listZones(query: URLSearchParams): Answer {
    const size = Math.min(Number(query.get('maxitems') ?? 100), 100);
    const all = [...zones.values()];
    const from = query.has('marker') ? all.findIndex(({ id }) => id === query.get('marker')) : 0;
    if (from < 0) return error(400, 'InvalidInput', 'The marker is not valid');
    const following = all[from + size];
    return { status: 200, body: documentOf('ListHostedZonesResponse', `<HostedZones>${all.slice(from, from + size).map(zoneXml).join('')}</HostedZones><IsTruncated>${following !== undefined}</IsTruncated>${following === undefined ? '' : `<NextMarker>${following.id}</NextMarker>`}<MaxItems>${size}</MaxItems>`) };
  }

  function listZonesByName(query: URLSearchParams): Answer {
    const size = Math.min(Number(query.get('maxitems') ?? 100), 100);
    const place = (name: string, id: string): string => `${reversed(heldName(name))}\u0000${id}`;
    const all = [...zones.values()].sort((a, b) => (place(a.name, a.id) < place(b.name, b.id) ? -1 : 1));
    const start = query.has('dnsname') ? place(query.get('dnsname')!, query.get('hostedzoneid') ?? '') : '';
    const rest = all.filter((zone) => place(zone.name, zone.id) >= start);
    const following = rest[size];
    return { status: 200, body: documentOf('ListHostedZonesByNameResponse', `<HostedZones>${rest.slice(0, size).map(zoneXml).join('')}</HostedZones><IsTruncated>${following !== undefined}</IsTruncated>${following === undefined ? '' : `<NextDNSName>${xml(following.name)}</NextDNSName><NextHostedZoneId>${following.id}</NextHostedZoneId>`}<MaxItems>${size}</MaxItems>`) };
  }

  function listSets(zone: HeldZone, query: URLSearchParams): Answer {
    if (query.has('type') && !query.has('name')) return error(400, 'InvalidInput', 'The request must contain a name if it contains a type');
    const size = Math.min(Number(query.get('maxitems') ?? 300), 300);
    const place = (set: Pick<HeldSet, 'name' | 'type' | 'setIdentifier'>): string => `${reversed(set.name)} ${set.type} ${set.setIdentifier ?? ''}`;
    const start = query.has('name') ? place({ name: heldName(query.get('name')!), type: query.get('type') ?? '', setIdentifier: query.get('identifier') ?? '' }) : '';
    const rest = zone.sorted().filter((set) => place(set) >= start);
    const following = rest[size];
    const next = following === undefined ? '' : `<NextRecordName>${xml(following.name)}</NextRecordName><NextRecordType>${following.type}</NextRecordType>${following.setIdentifier === undefined ? '' : `<NextRecordIdentifier>${xml(following.setIdentifier)}</NextRecordIdentifier>`}`;
    return { status: 200, body: documentOf('ListResourceRecordSetsResponse', `<ResourceRecordSets>${rest.slice(0, size).map(setXml).join('')}</ResourceRecordSets><IsTruncated>${following !== undefined}</IsTruncated>${next}<MaxItems>${size}</MaxItems>`) };
  }

  function hasToken(): boolean {
    if (options.throttle === undefined) return true;
    const { burst, perSecond } = options.throttle;
    bucket = { tokens: Math.min(burst, bucket.tokens + ((now().getTime() - bucket.at) / 1000) * perSecond), at: now().getTime() };
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  async function handle(request: FakeRequest): Promise<FakeAnswer> {
    const { status, body } = await answer(request);
    return { status, headers: { 'content-type': 'text/xml', date: now().toUTCString(), 'x-amzn-requestid': `fake-${calls.length}` }, text: body };
  }

  for (const zone of options.zones) addZone(zone);
  const server = await startFakeServer({ ...(options.port === undefined ? {} : { port: options.port }), ...(options.faults === undefined ? {} : { faults: options.faults }), handle });

  return {
    ...server,
    zones,
    /** Every call that was allowed in, by IAM's name of the action. */
    calls,
    addZone,
    addKey(credential: string, policy: Route53Policy = {}): void {
      const [id = '', secret = ''] = credential.split(':');
      keys.set(id, secret);
      policies.set(id, policy);
    },
    /** Called after each change, for whoever publishes the zones. */
    onChange: (listener: (zone: HeldZone) => void): void => void listeners.push(listener),
  };
}

function routeOf(method: string, path: string): { action: string; kind: string; id: string } | null {
  const rest = /^\/2013-04-01\/(.*)$/.exec(path)?.[1] ?? '';
  if (method === 'GET' && rest === 'hostedzone') return { action: 'ListHostedZones', kind: '', id: '*' };
  if (method === 'GET' && rest === 'hostedzonesbyname') return { action: 'ListHostedZonesByName', kind: '', id: '*' };
  const [, kind, id, more] = /^(hostedzone|change)\/([A-Z0-9]{1,32})(\/rrset\/?)?$/.exec(rest) ?? [];
  if (kind === undefined || id === undefined) return null;
  if (method === 'GET' && more === undefined) return { action: kind === 'change' ? 'GetChange' : 'GetHostedZone', kind, id };
  if (method === 'GET' && more === '/rrset') return { action: 'ListResourceRecordSets', kind, id };
  // The model has a slash at the end; the JavaScript SDK writes without it, and both are taken.
  return method === 'POST' && more !== undefined ? { action: 'ChangeResourceRecordSets', kind, id } : null;
}

function error(status: number, code: string, message: string): Answer {
  return { status, body: documentOf('ErrorResponse', `<Error><Type>Sender</Type><Code>${code}</Code><Message>${xml(message)}</Message></Error><RequestId>fake</RequestId>`) };
}

/** What Route 53, or something in front of it, answers when it is not well. */
export function route53Fault(kind: Route53FaultKind): FakeFault {
  const page = '<html><body><h1>Service temporarily unavailable</h1></body></html>';
  const of = ({ status, body }: Answer): FakeFault => ({ status, text: body });
  switch (kind) {
    case 'throttled': return of(error(400, 'Throttling', 'Rate exceeded'));
    case 'status_429': return { status: 429, text: page, headers: { 'retry-after': '3' } };
    case 'status_500': return of(error(500, 'InternalFailure', 'The request processing has failed because of an unknown error, exception or failure.'));
    case 'status_502': return { status: 502, text: page };
    case 'status_503': return of(error(503, 'ServiceUnavailable', 'Service is unavailable'));
    case 'prior_request': return of(error(400, 'PriorRequestNotComplete', 'The request was rejected because Route 53 was still processing a prior request.'));
  }
}
