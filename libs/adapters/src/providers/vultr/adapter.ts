import { ProviderError, displayName, isConnectError, ownerName, recordSetKey, type Change, type OwnerName } from '@connect/domain';
import { applyOneByOne, carryOut, credentialFinding, findZoneByName, recordOperations, zoneReading, type NativeRecord } from '../../base/index.js';
import type { ChangeOutcome, CredentialFinding, ProviderAdapter, ProviderPorts, Zone, ZoneReading, ZoneSearch } from '../../spi/index.js';
import { VultrClient } from './client.js';
import { inAscii, toFields, toRecordSets, type NativeSets } from './convert.js';
import type { DomainAnswer } from './schema.js';

const everyDomain = 'A key opens every domain of the account; Vultr has none for a single domain.';
const moreThanDns = `${everyDomain} This one may more than DNS: add a user with the permission DNS only and use its key.`;

/** Vultr DNS, API v2. */
export class VultrAdapter implements ProviderAdapter<NativeSets> {
  private readonly client: VultrClient;

  constructor(key: string, ports: Pick<ProviderPorts, 'http' | 'clock'>) {
    this.client = new VultrClient(key, ports);
  }

  /** The one permission DNS is for reading and writing. */
  async checkCredential(zone: string | null, signal: AbortSignal): Promise<CredentialFinding> {
    return credentialFinding(async () => {
      const found = zone === null ? await this.client.domains(signal) : [await this.client.domain(ownerName(zone), signal)].filter((each) => each !== null);
      const permissions = await this.client.permissions(signal);
      return {
        code: zone !== null && found.length === 0 ? 'zone_not_found' : null,
        zones: found.map(toZone), zonesComplete: zone === null,
        may: ['list_zones', 'read_records', 'write_records'],
        widerThanNeeded: permissions?.some((permission) => permission !== 'dns') === true ? moreThanDns : everyDomain,
      };
    });
  }

  /** A domain's name is its id. Sub-domains can be domains of their own, so the longest name wins. */
  async findZone(search: ZoneSearch, signal: AbortSignal): Promise<Zone> {
    return findZoneByName(search, async (name) => {
      const found = await this.client.domain(name, signal);
      return found === null ? null : toZone(found);
    });
  }

  async getRecordSets({ apex }: Zone, names: readonly OwnerName[] | 'all', signal: AbortSignal): Promise<ZoneReading<NativeSets>> {
    const { recordSets, native } = toRecordSets(await this.client.records(apex, signal), apex);
    return zoneReading(names, recordSets, native, { whole: true });
  }

  async applyChanges({ apex }: Zone, changes: readonly Change[], { native }: ZoneReading<NativeSets>, signal: AbortSignal): Promise<ChangeOutcome[]> {
    return applyOneByOne(changes, async (change) => {
      const records = native.get(recordSetKey(change)) ?? [];
      const isRetimed = change.before !== null && change.after !== null && change.before.ttlSeconds !== change.after.ttlSeconds;
      await (isRetimed && records.length > 1 ? this.retime(apex, change, records, signal) : this.write(apex, change, records, signal));
    }, signal);
  }

  private async write(apex: OwnerName, change: Change, records: readonly NativeRecord<string>[], signal: AbortSignal): Promise<void> {
    await carryOut(recordOperations(change, records), {
      create: (value, ttlSeconds) => this.client.create(apex, change.type, toFields(change, value, ttlSeconds, apex), signal),
      update: (record, value, ttlSeconds) => this.client.update(apex, record.native, toFields(change, value, ttlSeconds, apex), signal),
      delete: (record) => this.client.delete(apex, record.native, signal),
    });
  }

  /**
   * Whatever would leave two TTLs in a set is refused, so the TTL of several records cannot be changed one by one: all but one are deleted, that
   * one is changed, and the others are created again. The name is never without an answer.
   */
  private async retime(apex: OwnerName, change: Change, [first, ...others]: readonly NativeRecord<string>[], signal: AbortSignal): Promise<void> {
    for (const [deleted, record] of others.entries()) await afterOthers(deleted, this.client.delete(apex, record.native, signal));
    const alone = { ...change, before: { ...change.before!, values: [first!.value] } };
    await afterOthers(others.length, this.write(apex, alone, [first!], signal));
  }
}

/** If one fails after others had their effect, the change is neither done nor refused. */
async function afterOthers(done: number, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (done === 0 || !isConnectError(error)) throw error;
    throw new ProviderError('outcome_unknown', { detail: `${done} records of the set were deleted to change its TTL, then ${error.code}`, retryAfterMs: error.retryAfterMs });
  }
}

function toZone({ domain }: DomainAnswer): Zone {
  const apex = ownerName(inAscii(domain));
  return { id: displayName(apex), apex };
}
