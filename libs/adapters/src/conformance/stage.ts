import assert from 'node:assert/strict';
import { displayName, recordValue, ownerName, recordSetKey, sameRecordSet, secret, type Change, type OwnerName, type RecordSet, type Secret } from '@connect/domain';
import { openProvider } from '../base/index.js';
import type { ChangeOutcome, CredentialFinding, Provider, ProviderAdapter, ProviderDescriptor, ProviderPorts, Zone, ZoneReading } from '../spi/index.js';
import { recording, type Sent } from './port-faults.js';

/** A record as a seed: `name` relative to the zone, '' is the apex; `value` in presentation form. */
export type Seed = { name: string; type: string; ttlSeconds?: number; value: string };

/** A zone of the world, and ways to it that do not lead through the adapter. */
export type WorldZone = {
  apex: OwnerName;
  /** Somebody else changes the zone. */
  edit(change: { add?: readonly Seed[]; remove?: readonly Pick<Seed, 'name' | 'type'>[] }): Promise<void>;
  /** What the provider really holds, without SOA. */
  readBack(): Promise<RecordSet[]>;
};

/** A provider to be tested: a fake or the real server, with credentials. */
export type World = {
  provider: Provider;
  protocol: 'http' | 'dns';
  token: string;
  /** Well formed, and not accepted. */
  wrongToken: string;
  /** Parts of the tokens that must be seen nowhere. */
  secrets: readonly string[];
  portsFor(token: string): ProviderPorts;
  newZone(seed: readonly Seed[]): Promise<WorldZone>;
  /** Types beyond the writable ones that the world can be seeded with. */
  oddTypes: readonly ('TLSA' | 'SSHFP' | 'LOC' | 'NAPTR')[];
  stop(): Promise<void>;
};

export type OpenOptions = { token?: string; ports?: (ports: ProviderPorts) => ProviderPorts };

/** What a case gets: the world, and the few movements that all cases make. */
export class Stage {
  readonly signal = new AbortController().signal;

  constructor(readonly world: World, private readonly openAdapter: typeof openProvider = openProvider) {}

  get descriptor(): ProviderDescriptor {
    return this.world.provider.descriptor;
  }

  /** As the worker opens it, with the base around it. */
  open({ token = this.world.token, ports = (same) => same }: OpenOptions = {}): ProviderAdapter {
    return this.openAdapter(this.world.provider, secret(token), ports(this.world.portsFor(token)));
  }

  token(): Secret<string> {
    return secret(this.world.token);
  }

  /** Has the provider this type at all? What it does not know cannot be there before either. */
  knows(type: string): boolean {
    return this.descriptor.capabilities.types.includes(type) || (this.world.oddTypes as readonly string[]).includes(type);
  }

  /** A zone with the records of `seed` whose types the provider knows. */
  async zone(seed: readonly Seed[] = []): Promise<{ held: WorldZone; zone: Zone; adapter: ProviderAdapter; name(relative: string): OwnerName }> {
    const held = await this.world.newZone(seed.filter(({ type }) => this.knows(type)));
    const adapter = this.open();
    const zone = await adapter.findZone({ hostname: held.apex, apex: held.apex, zone: null }, this.signal);
    return { held, zone, adapter, name: (relative) => nameIn(held.apex, relative) };
  }

  read(adapter: ProviderAdapter, zone: Zone, names: readonly OwnerName[] | 'all' = 'all'): Promise<ZoneReading> {
    return adapter.getRecordSets(zone, names, this.signal);
  }

  /** Reads the zone, and makes one set what it shall be. */
  async write(zone: Zone, wanted: RecordSet, options: OpenOptions = {}): Promise<ChangeOutcome> {
    const adapter = this.open(options);
    const reading = await this.read(adapter, zone);
    const [outcome] = await this.apply(adapter, zone, [changeTo(reading, wanted)], reading);
    assert.ok(outcome, 'nothing is said of the change');
    return outcome;
  }

  /** A set that is refused by name before anything is sent. */
  async refusesUnsent(zone: Zone, set: RecordSet): Promise<void> {
    const sent: Sent[] = [];
    const outcome = await this.write(zone, set, { ports: recording(sent) });
    assert.deepEqual([outcome.status, outcome.code], ['refused', 'unsupported']);
    assert.equal(sent.some(({ write }) => write), false, 'a write was sent');
  }

  /** The whole way of a customer with this token: check, find, write one set, take it away again. Returns what the check found; the rest has to succeed. */
  async connectsAndRemoves(token: string, apex: OwnerName, set: RecordSet): Promise<CredentialFinding> {
    const adapter = this.open({ token });
    const finding = await adapter.checkCredential(displayName(apex), this.signal);
    const zone = await adapter.findZone({ hostname: set.ownerName, apex, zone: null }, this.signal);
    for (const toward of [(reading: ZoneReading) => changeTo(reading, set), (reading: ZoneReading) => deletion(reading, set.ownerName, set.type)]) {
      const reading = await this.read(adapter, zone, [set.ownerName]);
      const [outcome] = await this.apply(adapter, zone, [toward(reading)], reading);
      assert.equal(outcome?.status, 'applied', outcome?.detail ?? undefined);
    }
    return finding;
  }

  apply(adapter: ProviderAdapter, zone: Zone, changes: readonly Change[], reading: ZoneReading): Promise<ChangeOutcome[]> {
    return adapter.applyChanges(zone, changes, reading, this.signal);
  }
}

/** Reads the whole zone and changes it. Says of each change its code, or its status where it has none. */
export async function written(adapter: ProviderAdapter, zone: Zone, make: (reading: ZoneReading) => Change[]): Promise<string[]> {
  const { signal } = new AbortController();
  const reading = await adapter.getRecordSets(zone, 'all', signal);
  return (await adapter.applyChanges(zone, make(reading), reading, signal)).map(({ status, code }) => code ?? status);
}

export function nameIn(apex: OwnerName, relative: string): OwnerName {
  return relative === '' ? apex : ownerName(`${relative}.${apex}`);
}

export function setOf(apex: OwnerName, name: string, type: string, values: readonly string[], ttlSeconds = 300): RecordSet {
  return { ownerName: nameIn(apex, name), type, ttlSeconds, values: values.map((value) => recordValue(type, value)) };
}

export function find(sets: readonly RecordSet[], ownerName: OwnerName, type: string): RecordSet | null {
  return sets.find((set) => set.ownerName === ownerName && set.type === type) ?? null;
}

/** The change that leads from what was read to `after`. */
export function changeTo(reading: ZoneReading, after: RecordSet): Change {
  return { ownerName: after.ownerName, type: after.type, before: find(reading.recordSets, after.ownerName, after.type), after };
}

export function deletion(reading: ZoneReading, ownerName: OwnerName, type: string): Change {
  return { ownerName, type, before: find(reading.recordSets, ownerName, type), after: null };
}

/** The set with one value more. */
export function withValue(set: RecordSet, value: string): RecordSet {
  return { ...set, values: [...set.values, recordValue(set.type, value)] };
}

/** In what two zones differ, as keys; empty: they are the same. */
export function differences(a: readonly RecordSet[], b: readonly RecordSet[]): string[] {
  const left = new Map(a.map((set) => [recordSetKey(set), set]));
  const right = new Map(b.map((set) => [recordSetKey(set), set]));
  return [...new Set([...left.keys(), ...right.keys()])].filter((key) => !sameRecordSet(left.get(key) ?? null, right.get(key) ?? null));
}
