import { ProviderError, displayName, isConnectError, ownerName, recordSetKey, type Change, type OwnerName } from '@connect/domain';
import { applyOneByOne, carryOut, credentialFinding, findZoneByName, recordOperations, zoneReading } from '../../base/index.js';
import type { ChangeOutcome, CredentialFinding, ProviderAdapter, ProviderPorts, Zone, ZoneReading, ZoneSearch } from '../../spi/index.js';
import { NamecomClient, type Family } from './client.js';
import { toBody, toRecordSets, type NativeSets } from './convert.js';
import type { NamecomLogin } from './credential.js';
import type { DomainAnswer } from './schema.js';

const everyDomain = 'A token opens the whole account; Name.com has none for DNS or for a single domain. Restrict it to our addresses, or move the domain to an account of its own.';
/** `family`: the API that gave the reading; ids are the same in both. */
type Native = { family: Family; sets: NativeSets };

/** Name.com, core v1, and v4 where that is not served. */
export class NamecomAdapter implements ProviderAdapter<Native> {
  private readonly clients: Readonly<Record<Family, NamecomClient>>;

  constructor(login: NamecomLogin, private readonly ports: Pick<ProviderPorts, 'http' | 'clock'>) {
    this.clients = { 'core/v1': new NamecomClient(login, ports, 'core/v1'), v4: new NamecomClient(login, ports, 'v4') };
  }

  async checkCredential(zone: string | null, signal: AbortSignal): Promise<CredentialFinding> {
    return credentialFinding(() => this.through(async (client) => {
      const all = await client.domains(signal);
      const found = zone === null ? all : all.filter(({ domainName }) => ownerName(domainName) === ownerName(zone));
      const refusal = zone === null || found.length === 0 ? null : this.refusalFor(await client.domain(ownerName(zone), signal));
      return {
        code: zone !== null && found.length === 0 ? 'zone_not_found' : (refusal?.code ?? null), detail: refusal?.detail ?? null, zones: found.map(toZone), zonesComplete: zone === null,
        may: ['list_zones', 'read_records', ...(refusal === null ? (['write_records'] as const) : [])], widerThanNeeded: everyDomain,
      };
    }), ['zone_not_found', 'missing_permission', 'account_not_eligible', 'zone_not_writable']);
  }

  /** Only registered domains are zones, so there is one at most; their names are their ids. */
  async findZone(search: ZoneSearch, signal: AbortSignal): Promise<Zone> {
    const all = await this.through((client) => client.domains(signal));
    return findZoneByName(search, (name) => {
      const found = all.find(({ domainName }) => ownerName(domainName) === name);
      return Promise.resolve(found === undefined ? null : toZone(found));
    });
  }

  async getRecordSets({ apex }: Zone, names: readonly OwnerName[] | 'all', signal: AbortSignal): Promise<ZoneReading<Native>> {
    const { answers, family } = await this.through(async (client, through) => ({ answers: await this.explaining(client, apex, () => client.records(apex, signal), signal), family: through }));
    const { recordSets, native: sets } = toRecordSets(answers, apex);
    return zoneReading(names, recordSets, { family, sets }, { whole: true });
  }

  async applyChanges({ apex }: Zone, changes: readonly Change[], { native }: ZoneReading<Native>, signal: AbortSignal): Promise<ChangeOutcome[]> {
    const client = this.clients[native.family];
    const explained = (call: () => Promise<void>): Promise<void> => this.explaining(client, apex, call, signal);
    return applyOneByOne(changes, async (change) => {
      await carryOut(recordOperations(change, native.sets.get(recordSetKey(change)) ?? []), {
        create: (value, ttlSeconds) => explained(() => client.create(apex, toBody(change, value, ttlSeconds, apex), signal)),
        update: (record, value, ttlSeconds) => explained(() => client.update(apex, record.native, toBody(change, value, ttlSeconds, apex), signal)),
        delete: (record) => explained(() => client.delete(apex, record.native, signal)),
      });
    }, signal);
  }

  private async through<T>(call: (client: NamecomClient, family: Family) => Promise<T>): Promise<T> {
    try {
      return await call(this.clients['core/v1'], 'core/v1');
    } catch (error) {
      if (isConnectError(error) && error.code === 'unsupported') return call(this.clients.v4, 'v4');
      throw error;
    }
  }

  /** 403 has one answer for several reasons; the domain itself tells which it is. */
  private async explaining<T>(client: NamecomClient, apex: OwnerName, call: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (!isConnectError(error) || error.code !== 'missing_permission') throw error;
      const domain = await client.domain(apex, signal).catch(() => null);
      throw (domain === null ? null : this.refusalFor(domain)) ?? error;
    }
  }

  /** Records of a domain that is expired, or whose name servers are others, cannot be changed. */
  private refusalFor({ domainName, nameservers, expireDate }: DomainAnswer): ProviderError | null {
    if (typeof expireDate === 'string' && Date.parse(expireDate) < this.ports.clock.now().getTime()) return new ProviderError('zone_not_writable', { detail: `${domainName} is expired: renew it` });
    const isElsewhere = nameservers !== null && nameservers !== undefined && nameservers.length > 0 && !nameservers.some((server) => /(^|\.)name\.com\.?$/i.test(server));
    return isElsewhere ? new ProviderError('zone_not_writable', { detail: `the name servers of ${domainName} are not those of Name.com: connect it where its DNS is, or set the name servers of Name.com` }) : null;
  }
}

function toZone({ domainName }: DomainAnswer): Zone {
  const apex = ownerName(domainName);
  return { id: displayName(apex), apex };
}
