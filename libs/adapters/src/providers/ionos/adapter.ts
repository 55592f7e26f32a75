import { ProviderError, displayName, isConnectError, isWithin, ownerName, recordSetKey, type Change, type OwnerName, type RecordSet } from '@connect/domain';
import { applyOneByOne, carryOut, credentialFinding, noZoneFor, recordOperations, zoneNames, zoneReading } from '../../base/index.js';
import type { ChangeOutcome, CredentialFinding, ProviderAdapter, ProviderPorts, Zone, ZoneReading, ZoneSearch } from '../../spi/index.js';
import { refusedBesideServices, replacesService, switchedOff } from './active-services.js';
import { IonosClient } from './client.js';
import { retimed, toFields, toNewRecord, toRecordSets, type NativeSets } from './convert.js';
import type { ZoneAnswer } from './schema.js';

const everything = 'A key opens DNS, domains and certificates of the whole contract; IONOS has none for DNS or for a single zone. Keep the domain in a contract of its own.';
/** `all`: the record sets of the whole zone, whatever was asked for. */
type Native = { sets: NativeSets; all: readonly RecordSet[] };

/** IONOS hosting DNS, API v1. */
export class IonosAdapter implements ProviderAdapter<Native> {
  private readonly client: IonosClient;

  constructor(key: string, ports: Pick<ProviderPorts, 'http' | 'clock'>) {
    this.client = new IonosClient(key, ports);
  }

  async checkCredential(zone: string | null, signal: AbortSignal): Promise<CredentialFinding> {
    return credentialFinding(async () => {
      const all = await this.client.zones(signal);
      const named = zone === null ? null : isId(zone) ? (all.find(({ id }) => id === zone) ?? null) : theOneNamed([ownerName(zone)], all);
      const refusal = zone === null ? null : named === null ? noSuchZone() : refusalFor(named);
      return {
        code: refusal?.code ?? null, detail: refusal?.detail ?? null,
        zones: (zone === null ? all : [named].filter((each) => each !== null)).map(toZone), zonesComplete: zone === null,
        may: ['list_zones', 'read_records', ...(refusal === null ? (['write_records'] as const) : [])], widerThanNeeded: everything,
      };
    }, ['zone_not_found', 'zone_ambiguous', 'missing_permission']);
  }

  /** The list has no filter; sub-domains are zones of their own seldom, and then the longest name wins. */
  async findZone(search: ZoneSearch, signal: AbortSignal): Promise<Zone> {
    const all = await this.client.zones(signal);
    const { zone } = search;
    const found = zone !== null && isId(zone) ? (all.find(({ id }) => id === zone) ?? null) : theOneNamed(zoneNames(search), all);
    if (found === null || !isWithin(search.hostname, ownerName(found.name))) throw noZoneFor(search);
    const refusal = refusalFor(found);
    if (refusal !== null) throw refusal;
    return toZone(found);
  }

  async getRecordSets({ id }: Zone, names: readonly OwnerName[] | 'all', signal: AbortSignal): Promise<ZoneReading<Native>> {
    const { recordSets, native: sets } = toRecordSets(await this.explaining(id, () => this.client.records(id, signal), signal));
    return zoneReading(names, recordSets, { sets, all: recordSets }, { whole: true });
  }

  async applyChanges({ id }: Zone, changes: readonly Change[], { native }: ZoneReading<Native>, signal: AbortSignal): Promise<ChangeOutcome[]> {
    const refusals = refusedBesideServices(changes, native.all);
    const explained = (call: () => Promise<void>): Promise<void> => this.explaining(id, call, signal);
    const outcomes = await applyOneByOne(changes, async (change) => {
      const refusal = refusals.get(change);
      if (refusal !== undefined) throw refusal;
      await carryOut(recordOperations(change, native.sets.get(recordSetKey(change)) ?? []), {
        create: (value, ttlSeconds) => explained(() => this.client.create(id, toNewRecord(change, value, ttlSeconds), signal)),
        update: (record, value, ttlSeconds) => explained(() => this.client.update(id, record.native.id, value === record.value ? retimed(record.native, ttlSeconds) : toFields(change.type, value, ttlSeconds), signal)),
        delete: (record) => explained(() => this.client.delete(id, record.native.id, signal)),
      });
    }, signal);
    return this.withWhatWentOff(id, outcomes, native.all, signal);
  }

  /** Where a service lost a record, which was allowed, all its other ones may be gone; what they were is told. */
  private async withWhatWentOff(zoneId: string, outcomes: ChangeOutcome[], before: readonly RecordSet[], signal: AbortSignal): Promise<ChangeOutcome[]> {
    if (!outcomes.some(({ status, change }) => status === 'applied' && replacesService(change))) return outcomes;
    const after = await this.client.records(zoneId, signal).catch((error: unknown) => {
      // The write has happened, whatever becomes of this look.
      if (isConnectError(error)) return null;
      throw error;
    });
    const gone = after === null ? [] : switchedOff(before, outcomes.map(({ change }) => change), toRecordSets(after).recordSets);
    if (gone.length === 0) return outcomes;
    return outcomes.map((outcome) => (outcome.status === 'applied' && replacesService(outcome.change) ? { ...outcome, detail: `IONOS switched off the service that the record belonged to, and with it ${gone.join(', ')}` } : outcome));
  }

  /** 401 is the answer to the zone of another contract, too; whether the key is good, the list of zones says. */
  private async explaining<T>(zoneId: string, call: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (!isConnectError(error) || error.code !== 'rejected_credential') throw error;
      const zones = await this.client.zones(signal);
      throw zones.some(({ id }) => id === zoneId) ? new ProviderError('missing_permission', { detail: 'the key lists the zone and may not do this with it' }) : noSuchZone();
    }
  }
}

/** The zone with the first of the names that is one. Throws `zone_ambiguous`. */
function theOneNamed(names: readonly OwnerName[], zones: readonly ZoneAnswer[]): ZoneAnswer | null {
  for (const name of names) {
    const [found, ...others] = zones.filter((zone) => ownerName(zone.name) === name);
    if (found !== undefined && others.length === 0) return found;
    if (found !== undefined) throw new ProviderError('zone_ambiguous', { detail: `there are several zones ${displayName(name)}: name one of the ids ${[found, ...others].map(({ id }) => id).join(', ')}` });
  }
  return null;
}

function noSuchZone(): ProviderError {
  return new ProviderError('zone_not_found', { detail: 'the contract of the key has no such zone: the domain has to use the name servers of IONOS' });
}

/** A copy of a zone that has its primary elsewhere. */
function refusalFor({ name, type }: ZoneAnswer): ProviderError | null {
  return type === 'SLAVE' ? new ProviderError('zone_not_writable', { detail: `IONOS serves ${name} as a secondary: change it at its primary` }) : null;
}

function toZone({ id, name }: ZoneAnswer): Zone {
  return { id, apex: ownerName(name) };
}

/** A name has a dot. */
function isId(zone: string): boolean {
  return !zone.includes('.');
}
