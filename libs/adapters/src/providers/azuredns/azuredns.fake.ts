import { randomUUID } from 'node:crypto';
import { jsonAnswer, objectOf, startFakeServer, type FakeAnswer, type FakeFaultRule, type FakeRequest, type FakeServer } from '../../conformance/index.js';
import { FakeRights, dnsZoneContributor, type FakeAssignment } from './azuredns-rights.fake.js';
import { FakeTokens, type FakeApplication } from './azuredns-tokens.fake.js';
import { HeldZone, knownTypes, shownProperties, type FakeZoneSeed, type GivenSet, type HeldSet, type Refusal } from './azuredns-zone.fake.js';

/** `credential` is the JSON of the one application. What is missing is as in a subscription where everything is in order. */
export type AzurednsFakeOptions = {
  port?: number;
  zones: readonly FakeZoneSeed[];
  credential: string;
  faults?: readonly FakeFaultRule[];
  /** Default: DNS Zone Contributor on the resource group. */
  assignments?: readonly FakeAssignment[];
  application?: FakeApplication['state'];
  tenantDomain?: string;
  tokenSeconds?: number;
  now?: () => Date;
  trouble?: 'disabled' | 'unregistered' | 'locked' | 'other_tenant';
  /** Items of a page. */
  pageLimit?: number;
  /** Where links to next pages lead; the address that was called where it is missing. */
  publicOrigin?: string;
  /** Lists of one zone in a minute. */
  listsPerMinute?: number;
  /** The pause between reading a write and carrying it out. */
  betweenCheckAndWrite?: () => Promise<void> | void;
};

export type RunningAzurednsFake = FakeServer & { zones: Map<string, HeldZone>; tokens: FakeTokens; addZone(seed: FakeZoneSeed): HeldZone };

const managerHosts: Readonly<Record<string, string>> = { public: 'management.azure.com', usgov: 'management.usgovcloudapi.net', china: 'management.chinacloudapi.cn' };
const dnsVersions = ['2018-05-01', '2023-07-01-preview'];

/** Plays the resource manager with Azure DNS (2018-05-01) and the token endpoint of Entra ID on one port. Azure/azure-rest-api-specs, specification/dns. */
export async function startAzurednsFake(options: AzurednsFakeOptions): Promise<RunningAzurednsFake> {
  const key = JSON.parse(options.credential) as { tenant_id: string; client_id: string; client_secret: string; subscription_id: string; resource_group: string; cloud?: string };
  const now = options.now ?? (() => new Date());
  const { pageLimit = 100, assignments = [{ actions: dnsZoneContributor }] } = options;
  const rights = new FakeRights(assignments);
  const tokens = new FakeTokens({
    application: { tenantId: key.tenant_id, domain: options.tenantDomain, clientId: key.client_id, secret: key.client_secret, state: options.application },
    now, lifetimeSeconds: options.tokenSeconds ?? 3_599, managerHost: managerHosts[key.cloud ?? 'public']!,
  });
  const zones = new Map<string, HeldZone>();
  const lists = { minute: -1, count: 0 };
  const groupId = `/subscriptions/${key.subscription_id}/resourceGroups/${key.resource_group}`;

  function addZone(seed: FakeZoneSeed): HeldZone {
    const zone = new HeldZone(seed);
    zones.set(seed.name.toLowerCase(), zone);
    return zone;
  }

  async function handle(request: FakeRequest): Promise<FakeAnswer> {
    const answer = await routed(request);
    return { ...answer, headers: { date: now().toUTCString(), 'x-ms-request-id': randomUUID(), 'x-ms-correlation-request-id': randomUUID(), 'x-ms-ratelimit-remaining-subscription-reads': '249', ...answer.headers } };
  }

  async function routed(request: FakeRequest): Promise<FakeAnswer> {
    const tenant = /^\/([^/]+)\/oauth2\/v2\.0\/token$/.exec(request.path)?.[1];
    if (tenant !== undefined && request.method === 'POST') return tokens.grant(decodeURIComponent(tenant), request.body);
    const path = request.path.split('/').slice(1).map(decodeURIComponent);
    const [subscriptions, subscription = '', groups = '', group = '', providers, namespace = '', kind = '', ...rest] = path;
    if (subscriptions !== 'subscriptions' || providers !== 'providers' || groups.toLowerCase() !== 'resourcegroups') return failed({ status: 404, code: 'InvalidResourceType', message: 'The resource type could not be found.' });
    const refusal = tokens.refuses(request.headers['authorization']);
    if (refusal !== null) return failed({ status: 401, code: refusal, message: 'The access token is invalid.' });
    if (options.trouble === 'other_tenant') return failed({ status: 401, code: 'InvalidAuthenticationTokenTenant', message: 'The access token is from the wrong issuer. It must match the tenant associated with this subscription.' });
    if (!request.query.has('api-version')) return failed({ status: 400, code: 'MissingApiVersionParameter', message: 'The api-version query parameter (?api-version=) is required for all requests.' });
    if (subscription.toLowerCase() !== key.subscription_id.toLowerCase()) return failed({ status: 404, code: 'SubscriptionNotFound', message: `The subscription '${subscription}' could not be found.` });
    if (group.toLowerCase() !== key.resource_group.toLowerCase()) {
      // Who has a role on the subscription would be told that there is none; the fake's roles are on the group.
      return failed(rights.at(null).length > 0 ? { status: 404, code: 'ResourceGroupNotFound', message: `Resource group '${group}' could not be found.` } : unauthorized('Microsoft.Network/dnsZones/read'));
    }
    if (namespace.toLowerCase() !== 'microsoft.network' || kind.toLowerCase() !== 'dnszones') return failed({ status: 404, code: 'InvalidResourceType', message: 'The resource type could not be found.' });
    return dnsZones(request, rest);
  }

  function unauthorized(action: string): Refusal {
    return { status: 403, code: 'AuthorizationFailed', message: `The client '${key.client_id}' with object id '00000000-0000-4000-8000-000000000009' does not have authorization to perform action '${action}' over scope '${groupId}' or the scope is invalid. If access was recently granted, please refresh your credentials.` };
  }

  async function dnsZones(request: FakeRequest, [name, room, ...rest]: readonly string[]): Promise<FakeAnswer> {
    const { method, query } = request;
    const ifMay = (action: string, answer: () => FakeAnswer | Promise<FakeAnswer>): FakeAnswer | Promise<FakeAnswer> => (rights.may(name ?? null, action) ? answer() : failed(unauthorized(action)));
    if (room === 'providers') return ifMay('Microsoft.Authorization/permissions/read', () => jsonAnswer(200, { value: rights.at(name ?? null).map(({ actions, notActions = [] }) => ({ actions, notActions, dataActions: [], notDataActions: [] })) }));
    const version = query.get('api-version') ?? '';
    if (!dnsVersions.includes(version)) return failed({ status: 400, code: 'InvalidApiVersionParameter', message: `The api-version '${version}' is invalid.` });
    if (name === undefined) {
      const seen = [...zones.values()].filter(({ seed }) => rights.may(seed.name, 'Microsoft.Network/dnsZones/read'));
      return seen.length === 0 && rights.assignments.length === 0 ? failed(unauthorized('Microsoft.Network/dnsZones/read')) : page(seen.map(shownZone), request);
    }
    if (room === undefined) return zoneItself(request, name, ifMay);
    const isList = ['recordsets', 'all'].includes(room.toLowerCase());
    const type = room.toUpperCase();
    const verb = { GET: 'read', DELETE: 'delete' }[method] ?? 'write';
    return ifMay(`Microsoft.Network/dnsZones/${isList ? room : type}/${verb}`, () => {
      if (options.trouble === 'disabled' && method !== 'GET') return failed({ status: 409, code: 'ReadOnlyDisabledSubscription', message: 'The subscription is disabled and therefore marked as read only.' });
      if (options.trouble === 'unregistered') return failed({ status: 409, code: 'MissingSubscriptionRegistration', message: 'The subscription is not registered to use namespace \'Microsoft.Network\'.' });
      if (options.trouble === 'locked' && method !== 'GET') return failed({ status: 409, code: 'ScopeLocked', message: 'The scope cannot perform write operation because following scope(s) are locked. Please remove the lock and try again.' });
      const zone = zones.get(name.toLowerCase());
      if (zone === undefined) return failed({ status: 404, code: 'ParentResourceNotFound', message: `Failed to perform '${verb}' on resource(s) of type 'dnszones/${room}', because the parent resource '${groupId}/providers/Microsoft.Network/dnszones/${name}' could not be found.` });
      if (isList || rest.length === 0) return listed(zone, isList ? null : type, request);
      if (!knownTypes.includes(type)) return failed({ status: 400, code: 'BadRequest', message: `The record type '${room}' is invalid.` }, true);
      return recordSet(zone, type, rest.join('/'), request);
    });
  }

  function zoneItself({ method, body }: FakeRequest, name: string, ifMay: (action: string, answer: () => FakeAnswer) => FakeAnswer | Promise<FakeAnswer>): FakeAnswer | Promise<FakeAnswer> {
    const zone = zones.get(name.toLowerCase());
    if (method === 'PUT') return ifMay('Microsoft.Network/dnsZones/write', () => jsonAnswer(201, shownZone(zone ?? addZone({ name, zoneType: (objectOf(body) as { properties?: { zoneType?: 'Public' } }).properties?.zoneType }))));
    if (method === 'DELETE') return ifMay('Microsoft.Network/dnsZones/delete', () => ({ status: zones.delete(name.toLowerCase()) ? 200 : 204, text: '' }));
    return ifMay('Microsoft.Network/dnsZones/read', () => (zone === undefined
      ? failed({ status: 404, code: 'ResourceNotFound', message: `The Resource 'Microsoft.Network/dnszones/${name}' under resource group '${key.resource_group}' was not found.` })
      : jsonAnswer(200, shownZone(zone))));
  }

  function listed(zone: HeldZone, type: string | null, request: FakeRequest): FakeAnswer {
    const minute = Math.floor(now().getTime() / 60_000);
    if (lists.minute !== minute) Object.assign(lists, { minute, count: 0 });
    if (++lists.count > (options.listsPerMinute ?? Number.POSITIVE_INFINITY)) return { ...failed({ status: 429, code: 'TooManyRequests', message: 'The request is being throttled.' }), headers: { 'content-type': 'application/json', 'retry-after': String(60 - (Math.floor(now().getTime() / 1_000) % 60)) } };
    // Only names below the suffix: the suffix itself is left out.
    const suffix = (request.query.get('$recordsetnamesuffix') ?? '').toLowerCase();
    return page(zone.sorted().filter((set) => (type === null || set.type === type) && (suffix === '' || set.name.toLowerCase().endsWith(`.${suffix}`))).map((set) => shownSet(zone, set)), request);
  }

  async function recordSet(zone: HeldZone, type: string, name: string, { method, body, headers }: FakeRequest): Promise<FakeAnswer> {
    if (method === 'GET') {
      const found = zone.find(name, type);
      return found === undefined ? failed(zone.noSet(name), true) : jsonAnswer(200, shownSet(zone, found));
    }
    const given = method === 'DELETE' ? {} : (objectOf(body) as { properties?: GivenSet } | null);
    if (given === null) return failed({ status: 400, code: 'InvalidRequestContent', message: 'The request content was invalid and could not be deserialized.' });
    await options.betweenCheckAndWrite?.();
    if (method === 'DELETE') {
      const done = zone.delete(name, type, headers);
      return typeof done === 'boolean' ? { status: done ? 200 : 204, text: '' } : failed(done, true);
    }
    const done = zone.write(name, type, given.properties ?? {}, headers, method === 'PATCH');
    return 'set' in done ? jsonAnswer(done.isNew ? 201 : 200, shownSet(zone, done.set)) : failed(done, true);
  }

  /** A link holds where to go on, in words of its own. */
  function page(items: readonly object[], { path, query, headers }: FakeRequest): FakeAnswer {
    const size = Math.min(Number(query.get('$top') ?? pageLimit), pageLimit);
    const start = Number(Buffer.from(query.get('$skipToken') ?? '', 'base64url').toString('utf8') || 0);
    const end = start + size;
    const more = new URLSearchParams({ ...Object.fromEntries(query), $skipToken: Buffer.from(String(end)).toString('base64url') });
    const origin = options.publicOrigin ?? `http://${headers['host'] ?? ''}`;
    return jsonAnswer(200, { value: items.slice(start, end), ...(end < items.length ? { nextLink: `${origin}${path}?${more.toString()}` } : {}) });
  }

  function shownZone(zone: HeldZone): object {
    const { name, zoneType = 'Public', maxSets = 10_000 } = zone.seed;
    return {
      id: `${groupId}/providers/Microsoft.Network/dnszones/${name}`, name, type: 'Microsoft.Network/dnszones', location: 'global', tags: {}, etag: zone.etag,
      properties: { maxNumberOfRecordSets: maxSets, maxNumberOfRecordsPerRecordSet: null, numberOfRecordSets: zone.sets.size, nameServers: zoneType === 'Public' ? zone.nameServers() : [], zoneType },
    };
  }

  function shownSet(zone: HeldZone, set: HeldSet): object {
    const { name, type, etag } = set;
    return { id: `${groupId}/providers/Microsoft.Network/dnszones/${zone.seed.name}/${type}/${name}`, name, type: `Microsoft.Network/dnszones/${type}`, etag, properties: shownProperties(set, zone.seed.name) };
  }

  const server = await startFakeServer({ port: options.port, faults: options.faults, handle });
  for (const seed of options.zones) addZone(seed);
  return Object.assign(server, { zones, tokens, addZone });
}

/** The resource manager wraps its errors; those of the DNS resource provider (`isBare`) stand at the top. */
export function failed({ status, code, message }: Refusal, isBare = false): FakeAnswer {
  return jsonAnswer(status, isBare ? { code, message } : { error: { code, message } });
}
