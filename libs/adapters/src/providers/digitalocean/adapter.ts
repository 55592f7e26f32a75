import { isConnectError, ownerName, recordSetKey, type Change, type OwnerName } from '@connect/domain';
import { applyOneByOne, carryOut, credentialFinding, findZoneByName, recordOperations, zoneReading } from '../../base/index.js';
import type { ChangeOutcome, CredentialFinding, ProviderAdapter, ProviderPorts, Zone, ZoneReading, ZoneSearch } from '../../spi/index.js';
import { DigitaloceanClient } from './client.js';
import { toBody, toRecordSets, type NativeSets } from './convert.js';
import type { DomainAnswer, RecordAnswer } from './schema.js';

/** Up to so many names are asked for one by one; beyond, pages of 200 records are fewer calls. */
const fewNames = 3;
const everyDomain = 'A token opens every domain of the account; DigitalOcean has none for a single domain.';
const moreThanDns = `${everyDomain} This one may more than DNS: choose Custom Scopes, and of "domain" read, create, update and delete only.`;

/** DigitalOcean DNS, API v2. */
export class DigitaloceanAdapter implements ProviderAdapter<NativeSets> {
  private readonly client: DigitaloceanClient;

  constructor(token: string, ports: Pick<ProviderPorts, 'http' | 'clock'>) {
    this.client = new DigitaloceanClient(token, ports);
  }

  async checkCredential(zone: string | null, signal: AbortSignal): Promise<CredentialFinding> {
    return credentialFinding(async () => {
      const found = zone === null ? await this.client.domains(signal) : [await this.client.domain(ownerName(zone), signal)].filter((each) => each !== null);
      const first = found[0];
      const mayWrite = first !== undefined && (await this.mayWrite(first, signal));
      const code = zone !== null && first === undefined ? 'zone_not_found' : first !== undefined && !mayWrite ? 'missing_permission' : null;
      return {
        code, detail: code === 'missing_permission' ? 'the token lacks the scopes domain:create, domain:update and domain:delete' : null,
        zones: found.map(toZone), zonesComplete: zone === null,
        may: ['list_zones', 'read_records', ...(mayWrite ? (['write_records'] as const) : [])],
        widerThanNeeded: (await this.client.mayReadAccount(signal)) ? moreThanDns : everyDomain,
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
    const answers: RecordAnswer[] = [];
    const isWhole = names === 'all' || names.length > fewNames;
    for (const name of isWhole ? [null] : new Set(names)) answers.push(...(await this.client.records(apex, name, signal)));
    const { recordSets, native } = toRecordSets(answers, apex);
    return zoneReading(names, recordSets, native, { whole: isWhole });
  }

  async applyChanges({ apex }: Zone, changes: readonly Change[], { native }: ZoneReading<NativeSets>, signal: AbortSignal): Promise<ChangeOutcome[]> {
    return applyOneByOne(changes, async (change) => {
      await carryOut(recordOperations(change, native.get(recordSetKey(change)) ?? []), {
        create: (value, ttlSeconds) => this.client.create(apex, toBody(change, value, ttlSeconds, apex), signal),
        update: (record, value, ttlSeconds) => this.client.update(apex, record.native, toBody(change, value, ttlSeconds, apex), signal),
        delete: (record) => this.client.delete(apex, record.native, signal),
      });
    }, signal);
  }

  /** Deletes a record that cannot exist: 404 says that the token might, 403 that it must not. Nothing can change. */
  private async mayWrite({ name }: DomainAnswer, signal: AbortSignal): Promise<boolean> {
    try {
      await this.client.delete(ownerName(name), 0, signal, true);
      return true;
    } catch (error) {
      if (isConnectError(error) && error.code === 'missing_permission') return false;
      throw error;
    }
  }
}

function toZone({ name }: DomainAnswer): Zone {
  return { id: name, apex: ownerName(name) };
}
