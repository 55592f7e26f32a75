import { ProviderError, groupRecords, ownerName, recordSetKey, recordValue, sameValues, systemClock, type OwnerName, type RecordSet } from '@connect/domain';
import type { HttpAnswer, HttpClient, HttpRequest, ProviderPorts } from '../../spi/index.js';
import { httpAnswer } from '../port-faults.js';
import { nameIn, type Seed, type World } from '../stage.js';
import { reference } from './index.js';

const pageSize = 100;

/** The reference provider's server, in memory behind the HTTP port: zones, pages, compare-and-swap per set, one transaction a call. */
class ReferenceServer implements HttpClient {
  readonly zones = new Map<string, RecordSet[]>();

  constructor(private readonly token: string) {}

  request(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    if (signal.aborted) return Promise.reject(new ProviderError('provider_unavailable', { detail: 'given up' }));
    return Promise.resolve(this.answer(request));
  }

  private answer(request: HttpRequest): HttpAnswer {
    const url = new URL(request.url);
    if (request.headers?.['authorization'] !== `Bearer ${this.token}`) return json(401, {});
    if (url.pathname === '/v1/zones') return this.list(url.searchParams.get('name'));
    const id = /^\/v1\/zones\/([^/]+)\/record-sets$/.exec(url.pathname)?.[1];
    const sets = id === undefined ? undefined : this.zones.get(id);
    if (id === undefined || sets === undefined) return json(404, {});
    return request.method === 'GET' ? page(url, sets) : this.patch(id, sets, request.body as PatchBody);
  }

  private list(name: string | null): HttpAnswer {
    const names = [...this.zones.keys()].filter((zone) => name === null || zone === name);
    return json(200, { zones: names.map((zone) => ({ id: zone, name: zone })) });
  }

  private patch(id: string, sets: readonly RecordSet[], { changes }: PatchBody): HttpAnswer {
    const next = new Map(sets.map((set) => [recordSetKey(set), set]));
    for (const { name, type, before, after } of changes) {
      const key = recordSetKey({ ownerName: ownerName(name), type });
      const present = next.get(key) ?? null;
      const expected = before === null ? null : { ownerName: ownerName(name), type, ttlSeconds: before.ttl, values: before.values };
      if ((present === null) !== (expected === null) || (present !== null && expected !== null && !sameValues(present, expected))) return json(409, {});
      if (after === null) next.delete(key);
      else next.set(key, { ownerName: ownerName(name), type, ttlSeconds: after.ttl, values: after.values });
    }
    this.zones.set(id, [...next.values()]);
    return json(204, null);
  }
}

type ApiSet = { ttl: number; values: string[] } | null;
type PatchBody = { changes: { name: string; type: string; before: ApiSet; after: ApiSet }[] };

function page(url: URL, sets: readonly RecordSet[]): HttpAnswer {
  const at = Number(url.searchParams.get('page') ?? 0);
  const shown = sets.slice(at * pageSize, (at + 1) * pageSize);
  const isLast = (at + 1) * pageSize >= sets.length;
  return json(200, {
    sets: shown.map(({ ownerName: name, type, ttlSeconds, values }) => ({ name: name.slice(0, -1), type, ttl: ttlSeconds, values })),
    next: isLast ? null : `${url.origin}${url.pathname}?page=${at + 1}`,
  });
}

function json(status: number, body: unknown): HttpAnswer {
  return httpAnswer({ status, text: body === null ? '' : JSON.stringify(body) });
}

export function referenceWorld(): Promise<World> {
  const token = 'ref_0123456789abcdefABCDEF01';
  const wrongToken = 'ref_ffffffffffffffffffffffff';
  const server = new ReferenceServer(token);
  let count = 0;
  return Promise.resolve({
    provider: reference,
    protocol: 'http',
    token,
    wrongToken,
    secrets: [token, wrongToken],
    oddTypes: ['TLSA', 'SSHFP', 'LOC', 'NAPTR'],
    portsFor: (): ProviderPorts => ({ http: server, dns: noDns, clock: systemClock, pause: () => Promise.resolve() }),
    newZone(seed) {
      const apex = ownerName(`zone-${++count}.test.`);
      const id = apex.slice(0, -1);
      server.zones.set(id, grouped(apex, [{ name: '', type: 'NS', value: 'ns1.dns.reference.example.' }, ...seed]));
      return Promise.resolve({
        apex,
        edit({ add = [], remove = [] }) {
          const kept = server.zones.get(id)!.filter((set) => !remove.some(({ name, type }) => nameIn(apex, name) === set.ownerName && type === set.type));
          server.zones.set(id, groupRecords([...kept.flatMap((set) => set.values.map((value) => ({ ...set, value }))), ...records(apex, add)]));
          return Promise.resolve();
        },
        readBack: () => Promise.resolve(server.zones.get(id)!.map((set) => ({ ...set, values: [...set.values] }))),
      });
    },
    stop: () => Promise.resolve(),
  } satisfies World);
}

function grouped(apex: OwnerName, seed: readonly Seed[]): RecordSet[] {
  return groupRecords(records(apex, seed));
}

function records(apex: OwnerName, seed: readonly Seed[]): { ownerName: OwnerName; type: string; ttlSeconds: number; value: string }[] {
  return seed.map(({ name, type, ttlSeconds = 300, value }) => ({ ownerName: nameIn(apex, name), type, ttlSeconds, value: recordValue(type, value) }));
}

const noDns: ProviderPorts['dns'] = {
  query: () => Promise.reject(new ProviderError('outgoing_denied')),
  update: () => Promise.reject(new ProviderError('outgoing_denied')),
  transfer: () => Promise.reject(new ProviderError('outgoing_denied')),
};
