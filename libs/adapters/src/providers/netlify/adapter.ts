import { ProviderError, displayName, isWithin, ownerName, recordSetKey, type Change, type OwnerName, type RecordSet, type RecordValue } from '@connect/domain';
import { applyOneByOne, carryOut, credentialFinding, recordOperations, replaceRecord, zoneNames, zoneReading, type NativeRecord } from '../../base/index.js';
import type { ChangeOutcome, CredentialFinding, ProviderAdapter, ProviderPorts, Zone, ZoneReading, ZoneSearch } from '../../spi/index.js';
import { NetlifyClient } from './client.js';
import { siteRecordAt, toBody, toRecordSets, type NativeSets } from './convert.js';
import type { ZoneAnswer } from './schema.js';

const everything = 'A token opens everything of its user, in all teams; Netlify has none for DNS or for a single zone. Use a user that is a member of one team only.';
const gate = 'the domain must be a Netlify DNS zone of a team of the token: Domains, Add or register a domain, Set up Netlify DNS';
const addressTypes = ['A', 'AAAA', 'ALIAS'];

/** Netlify DNS, API v1. */
export class NetlifyAdapter implements ProviderAdapter<NativeSets> {
  private readonly client: NetlifyClient;

  constructor(token: string, ports: Pick<ProviderPorts, 'http' | 'clock'>) {
    this.client = new NetlifyClient(token, ports);
  }

  /** What a member may write is shown nowhere: a missing permission shows at the first write. */
  async checkCredential(zone: string | null, signal: AbortSignal): Promise<CredentialFinding> {
    return credentialFinding(async () => {
      const all = await this.client.zones(signal);
      const zones = zone === null ? all : [isId(zone) ? all.find(({ id }) => id === zone) : theOneNamed([ownerName(zone)], all)].filter((each) => each !== undefined && each !== null);
      const isMissing = zone !== null && zones.length === 0;
      const teams = new Set(all.map(({ account_id: team }) => team)).size;
      return {
        code: isMissing ? 'zone_not_found' : null, detail: isMissing ? gate : 'whether the user of the token may write shows at the first write',
        zones: zones.map(toZone), zonesComplete: zone === null, may: ['list_zones', 'read_records', 'write_records'],
        widerThanNeeded: teams > 1 ? `${everything} This one opens zones of ${teams} teams.` : everything,
      };
    }, ['zone_not_found', 'zone_ambiguous', 'missing_permission']);
  }

  /** Sub-domains can be zones of their own, so the longest name wins; two teams can have the same name. */
  async findZone(search: ZoneSearch, signal: AbortSignal): Promise<Zone> {
    const { hostname, zone } = search;
    const found = zone !== null && isId(zone) ? await this.client.zone(zone, signal) : theOneNamed(zoneNames(search), await this.client.zones(signal));
    if (found === null || !isWithin(hostname, ownerName(found.name))) throw new ProviderError('zone_not_found', { detail: `no zone for ${displayName(hostname)}: ${gate}` });
    return toZone(found);
  }

  async getRecordSets({ id }: Zone, names: readonly OwnerName[] | 'all', signal: AbortSignal): Promise<ZoneReading<NativeSets>> {
    const { recordSets, native } = toRecordSets(await this.client.records(id, signal));
    return zoneReading(names, recordSets, native, { whole: true });
  }

  async applyChanges({ id }: Zone, changes: readonly Change[], { recordSets, native }: ZoneReading<NativeSets>, signal: AbortSignal): Promise<ChangeOutcome[]> {
    return applyOneByOne(changes, async (change) => {
      refuseBesideSite(change, recordSets);
      const create = (value: RecordValue, ttlSeconds: number): Promise<void> => this.client.create(id, toBody(change, value, ttlSeconds), signal);
      const remove = (record: NativeRecord<string>): Promise<void> => this.client.delete(id, record.native, signal);
      await carryOut(recordOperations(change, native.get(recordSetKey(change)) ?? []), {
        create,
        update: (record, value, ttlSeconds) => replaceRecord({ create: () => create(value, ttlSeconds), remove: () => remove(record), restore: () => create(record.value, record.ttlSeconds) }, { mayStandTogether: change.type !== 'CNAME' }),
        delete: remove,
      });
    }, signal);
  }
}

/** Where a site answers for A and AAAA, they refuse both; that record is the customer's to remove. */
function refuseBesideSite({ ownerName: name, type, after }: Change, recordSets: readonly RecordSet[]): void {
  const site = after === null || !addressTypes.includes(type) ? null : siteRecordAt(name, recordSets);
  if (site !== null) throw new ProviderError('record_conflict', { detail: `${displayName(name)} answers for a site of Netlify (${site.type} record): delete that record in the console first, if the site may go offline there` });
}

/** The zone with the first of the names that is one. Throws `zone_ambiguous`: which of two is asked for by the name servers cannot be seen from here. */
function theOneNamed(names: readonly OwnerName[], zones: readonly ZoneAnswer[]): ZoneAnswer | null {
  for (const name of names) {
    const [found, ...others] = zones.filter((zone) => ownerName(zone.name) === name);
    if (found !== undefined && others.length === 0) return found;
    if (found !== undefined) throw new ProviderError('zone_ambiguous', { detail: `several teams have a zone ${displayName(name)}: name one of the ids ${[found, ...others].map(({ id }) => id).join(', ')}` });
  }
  return null;
}

function toZone({ id, name }: ZoneAnswer): Zone {
  return { id, apex: ownerName(name) };
}

/** A name has a dot. */
function isId(zone: string): boolean {
  return !zone.includes('.');
}
