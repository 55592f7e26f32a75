import { ProviderError, displayName, isConnectError, ownerName, recordSetKey, type Change, type OwnerName } from '@connect/domain';
import { applyOneByOne, carryOut, credentialFinding, recordOperations, zoneNames, zoneReading } from '../../base/index.js';
import type { ChangeOutcome, CredentialFinding, ProviderAdapter, ProviderPorts, Zone, ZoneReading, ZoneSearch } from '../../spi/index.js';
import { PorkbunClient } from './client.js';
import { isPorkbunHost, toBody, toRecordSets, type NativeSets } from './convert.js';
import type { PorkbunKeys } from './credential.js';
import { apiAccessIsOff } from './errors.js';
import type { DomainAnswer } from './schema.js';

const moreThanDns = 'A key opens more than DNS: restrict it to the domain and to our addresses, and set its monthly spending cap to 0.';

/** Porkbun DNS, API v3. */
export class PorkbunAdapter implements ProviderAdapter<NativeSets> {
  private readonly client: PorkbunClient;

  constructor(keys: PorkbunKeys, ports: Pick<ProviderPorts, 'http' | 'clock'>) {
    this.client = new PorkbunClient(keys, ports);
  }

  async checkCredential(zone: string | null, signal: AbortSignal): Promise<CredentialFinding> {
    return credentialFinding(async () => {
      if ((await this.client.ping(signal)) === false) throw new ProviderError('rejected_credential', { detail: 'Porkbun does not accept the keys' });
      const domains = await this.domains(signal);
      const opened = (domains ?? []).filter(({ apiAccess }) => apiAccess !== false).map(({ domain }) => toZone(ownerName(domain)));
      const zones = zone === null ? opened : [await this.zoneAmong([ownerName(zone)], domains, signal)];
      return {
        zones, zonesComplete: zone === null && domains !== null, may: zones.length === 0 ? ['list_zones'] : ['list_zones', 'read_records', 'write_records'],
        widerThanNeeded: opened.length > 1 ? `The key opens ${opened.length} domains. ${moreThanDns}` : moreThanDns,
      };
    }, ['zone_not_found', 'missing_permission', 'account_not_eligible']);
  }

  /** A domain's name is its id, and only registered or hosted domains are zones. */
  async findZone(search: ZoneSearch, signal: AbortSignal): Promise<Zone> {
    return this.zoneAmong(zoneNames(search), await this.domains(signal), signal);
  }

  async getRecordSets({ apex }: Zone, names: readonly OwnerName[] | 'all', signal: AbortSignal): Promise<ZoneReading<NativeSets>> {
    const { recordSets, native } = toRecordSets(await this.client.records(apex, signal));
    return zoneReading(names, recordSets, native, { whole: true });
  }

  async applyChanges({ apex }: Zone, changes: readonly Change[], { native }: ZoneReading<NativeSets>, signal: AbortSignal): Promise<ChangeOutcome[]> {
    return applyOneByOne(changes, async (change) => {
      const work = carryOut(recordOperations(change, native.get(recordSetKey(change)) ?? []), {
        create: (value, ttlSeconds) => this.client.create(apex, toBody(change, value, ttlSeconds, apex), signal),
        update: (record, value, ttlSeconds) => this.client.edit(apex, record.native.id, toBody(change, value, ttlSeconds, apex, record.native.notes), signal),
        delete: (record) => this.client.delete(apex, record.native.id, signal),
      });
      await work.catch((error: unknown) => {
        throw isConnectError(error) && error.code === 'record_conflict' ? namingTheForward(error.detail, change, native) : error;
      });
    }, signal);
  }

  /** `null`: a key that is restricted to some domains may not be allowed to list. */
  private async domains(signal: AbortSignal): Promise<DomainAnswer[] | null> {
    try {
      return await this.client.domains(signal);
    } catch (error) {
      if (isConnectError(error) && error.code === 'missing_permission') return null;
      throw error;
    }
  }

  /** The first of the names that is a domain. The list tells a domain whose API Access is off from one that is not there; a call to it does not. */
  private async zoneAmong(names: readonly OwnerName[], domains: readonly DomainAnswer[] | null, signal: AbortSignal): Promise<Zone> {
    for (const name of names) {
      const found = domains?.find(({ domain }) => ownerName(domain) === name);
      if (found?.apiAccess === false) throw apiAccessIsOff();
      if (found !== undefined || (domains === null && (await this.isOpen(name, signal)))) return toZone(name);
    }
    const off = domains === null ? ', or API Access is off for it' : '';
    throw new ProviderError('zone_not_found', { detail: `the keys open no domain for ${displayName(names[0] ?? ownerName('.'))}${off}` });
  }

  private async isOpen(name: OwnerName, signal: AbortSignal): Promise<boolean> {
    try {
      await this.client.records(name, signal);
      return true;
    } catch (error) {
      if (isConnectError(error) && (error.code === 'zone_not_found' || error.code === 'missing_permission')) return false;
      throw error;
    }
  }
}

/** URL forwards and the parking page are ALIAS and CNAME records to Porkbun's own hosts; who meets one should hear so. */
function namingTheForward(detail: string | undefined, { ownerName: name }: Change, native: NativeSets): ProviderError {
  const forward = [...(native.get(`${name} ALIAS`) ?? []), ...(native.get(`${name} CNAME`) ?? [])].find(({ value }) => isPorkbunHost(value));
  return new ProviderError('record_conflict', { detail: forward === undefined ? detail : `a URL forward or the parking page of Porkbun (${displayName(ownerName(forward.value))}) is at ${displayName(name)}: remove it first` });
}

function toZone(apex: OwnerName): Zone {
  return { id: displayName(apex), apex };
}
