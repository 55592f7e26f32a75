import { openProvider } from '@connect/adapters';
import { defineProvider, type ChangeOutcome, type HttpAnswer, type HttpClient, type HttpMethod, type Provider, type ProviderAdapter, type ProviderDescriptor, type ProviderPorts, type Zone, type ZoneReading, type ZoneSearch } from '@connect/adapters/spi';
import { ProviderError, ownerName, recordSetKey, sameValues, secret, suffixesOf, systemClock, type Change, type OwnerName, type RecordSet, type RecordSetKey, type Secret } from '@connect/domain';
import { AdapterProviderDoor, type SharedState } from './infrastructure/adapter-provider-door.js';
import type { OpenedProvider, ProviderDoor } from './ports/provider-door.port.js';
import type { Tally } from './ports/tally.port.js';

export type Call = { call: 'check' | 'find' | 'read' | 'write'; zone: string; sets: string[] };
type Hook = (changes: readonly Change[]) => Promise<void> | void;
type Moment = 'beforeRead' | 'afterRead' | 'beforeWrite' | 'afterWrite';
const nothing = (): void => undefined;

/** A DNS provider in memory: zones that keep state, a list of all calls, and faults that are set from outside. Record sets are written as wholes. */
export class FakeDns {
  readonly calls: Call[] = [];
  readonly zones = new Map<string, Map<RecordSetKey, RecordSet>>();
  descriptor: ProviderDescriptor = descriptorOf({});
  /** Before a write arrives; may throw, wait, or edit the zone as somebody else. */
  beforeWrite: Hook = nothing;
  /** After it was carried out; what it throws is a lost answer. */
  afterWrite: Hook = nothing;
  beforeRead: () => Promise<void> | void = nothing;
  afterRead: () => Promise<void> | void = nothing;
  refuses: (change: Change) => boolean = () => false;
  token = 'right';
  isSick = false;

  /** As it was at first, but for its zones. */
  reset(descriptor: ProviderDescriptor = descriptorOf({})): void {
    this.calls.length = 0;
    this.descriptor = descriptor;
    this.beforeRead = this.afterRead = this.beforeWrite = this.afterWrite = nothing;
    this.refuses = () => false;
  }

  /** At the next such moment, and never again. */
  once(moment: Moment, hook: () => Promise<void> | void): void {
    this[moment] = () => {
      this[moment] = nothing;
      return hook();
    };
  }

  zone(apex: string, ...sets: RecordSet[]): OwnerName {
    this.zones.set(apex, new Map(sets.map((set) => [recordSetKey(set), set])));
    return ownerName(apex);
  }

  sets(apex: string): RecordSet[] {
    return [...(this.zones.get(apex)?.values() ?? [])].sort((a, b) => (recordSetKey(a) < recordSetKey(b) ? -1 : 1));
  }

  edit(set: RecordSet): void {
    this.zones.get([...this.zones.keys()].find((apex) => set.ownerName.endsWith(apex)) ?? '')?.set(recordSetKey(set), set);
  }

  counted(call: Call['call']): number {
    return this.calls.filter((each) => each.call === call).length;
  }

  door(): ProviderDoor {
    return {
      describe: () => this.descriptor,
      open: (_id: string, credential: Secret<string>): OpenedProvider => ({ adapter: openProvider(this.provider(), credential, ports), place: '' }),
    };
  }

  /** Through the real door, so that calls are paid, kept back and counted: each is one request, which is lost while the provider is sick. */
  guardedDoor(shared: SharedState, tally: Tally): ProviderDoor {
    const request = (): Promise<HttpAnswer> => (this.isSick ? Promise.reject(new ProviderError('provider_unavailable')) : Promise.resolve({ status: 200, headers: {}, text: '', json: () => null }));
    const transport = { portsFor: () => ({ ...ports, http: { request } }), close: () => Promise.resolve() };
    return new AdapterProviderDoor(transport, shared, { budgetSecret: secret('budget'), clock: systemClock, tally, find: () => this.provider() });
  }

  private provider(): Provider {
    return defineProvider({ descriptor: this.descriptor, credential: { parse: (token) => token }, audit: [], open: (token, { http }) => afterRequest(this.adapter(token), http) });
  }

  private adapter(token: string): ProviderAdapter {
    return {
      checkCredential: async () => {
        this.note('check', '', []);
        if (token !== this.token) return { valid: false, code: 'rejected_credential', detail: null, zones: [], zonesComplete: false, may: [], widerThanNeeded: null, expiresAt: null };
        return Promise.resolve({ valid: true, code: null, detail: null, zones: [...this.zones.keys()].map(zoneOf), zonesComplete: true, may: ['list_zones', 'read_records', 'write_records'], widerThanNeeded: null, expiresAt: null });
      },
      findZone: (search) => this.find(token, search),
      getRecordSets: (zone, names) => this.read(token, zone, names),
      applyChanges: (zone, changes) => this.write(token, zone, changes),
    };
  }

  private find(token: string, { hostname, zone }: ZoneSearch): Promise<Zone> {
    this.note('find', '', []);
    this.check(token);
    const found = (zone === null ? suffixesOf(hostname) : [ownerName(zone)]).find((name) => this.zones.has(name));
    if (found === undefined) return Promise.reject(new ProviderError('zone_not_found'));
    return Promise.resolve(zoneOf(found));
  }

  private async read(token: string, zone: Zone, names: readonly OwnerName[] | 'all'): Promise<ZoneReading> {
    this.note('read', zone.id, []);
    await this.beforeRead();
    this.check(token);
    const sets = this.zones.get(zone.id);
    if (sets === undefined) throw new ProviderError('zone_not_found');
    const reading = { names, recordSets: [...sets.values()].filter((set) => names === 'all' || names.includes(set.ownerName)).map((set) => ({ ...set, values: [...set.values] })), recordSetCount: sets.size, native: null };
    await this.afterRead();
    return reading;
  }

  private async write(token: string, zone: Zone, changes: readonly Change[]): Promise<ChangeOutcome[]> {
    this.note('write', zone.id, changes.map(recordSetKey));
    await this.beforeWrite(changes);
    this.check(token);
    const sets = this.zones.get(zone.id);
    if (sets === undefined) throw new ProviderError('zone_not_found');
    if (this.descriptor.writeGuard === 'compare_and_swap' && changes.some((change) => moved(change, sets.get(recordSetKey(change)) ?? null))) throw new ProviderError('zone_changed');
    if (this.descriptor.atomicWrite && changes.some(this.refuses)) throw new ProviderError('record_invalid', { detail: 'the batch holds a bad record' });
    const outcomes = changes.map((change): ChangeOutcome => {
      if (this.refuses(change)) return { change, status: 'refused', code: 'record_invalid', detail: 'a bad record' };
      if (change.after === null) sets.delete(recordSetKey(change));
      else sets.set(recordSetKey(change), change.after);
      return { change, status: 'applied', code: null, detail: null };
    });
    await this.afterWrite(changes);
    return outcomes;
  }

  private check(token: string): void {
    if (token !== this.token) throw new ProviderError('rejected_credential');
  }

  private note(call: Call['call'], zone: string, sets: string[]): void {
    this.calls.push({ call, zone, sets });
  }
}

/** Each call of the adapter costs one request. */
function afterRequest(adapter: ProviderAdapter, http: HttpClient): ProviderAdapter {
  const send = (method: HttpMethod, signal: AbortSignal): Promise<HttpAnswer> => http.request({ method, url: 'https://api.provider.example/' }, signal);
  return {
    checkCredential: async (zone, signal) => { await send('GET', signal); return adapter.checkCredential(zone, signal); },
    findZone: async (search, signal) => { await send('GET', signal); return adapter.findZone(search, signal); },
    getRecordSets: async (zone, names, signal) => { await send('GET', signal); return adapter.getRecordSets(zone, names, signal); },
    applyChanges: async (zone, changes, reading, signal) => { await send('POST', signal); return adapter.applyChanges(zone, changes, reading, signal); },
  };
}

function moved({ before }: Change, now: RecordSet | null): boolean {
  if (before === null || now === null) return before !== now;
  return !sameValues(before, now);
}

function zoneOf(apex: string): Zone {
  return { id: apex, apex: ownerName(apex) };
}

export function descriptorOf(more: Partial<ProviderDescriptor>): ProviderDescriptor {
  return {
    id: 'fake', name: 'Fake', links: { console: null, documentation: '' }, granularity: 'record_set', writeGuard: 'none', atomicWrite: true, maxChangesPerWrite: 500, partialRead: false,
    settleTimeMs: 0, callTimeoutMs: 1_000, limits: [], hosts: [], nameServerPatterns: [], sunset: null,
    capabilities: {
      types: ['A', 'AAAA', 'CNAME', 'MX', 'TXT', 'CAA', 'SRV', 'HTTPS', 'SVCB'], apexAlias: 'none', wildcard: true, underscoreNames: true, ttl: { minSeconds: 60, maxSeconds: 86_400 },
      nullMx: true, srvDotTarget: true, caaIssuerCritical: true, emptyTxt: true, maxTxtBytes: 4_000, nonAsciiTxt: true, listsZones: true,
    },
    credential: { format: '', json: false, fields: [], steps: [], gate: null, minimalPolicy: '' },
    ...more,
  };
}

const noNetwork = (): never => {
  throw new ProviderError('outgoing_denied');
};
const ports: ProviderPorts = { http: { request: () => Promise.resolve({ status: 200, headers: {}, text: '', json: () => null }) }, dns: { query: noNetwork, update: noNetwork, transfer: noNetwork }, clock: systemClock, pause: () => Promise.resolve() };
