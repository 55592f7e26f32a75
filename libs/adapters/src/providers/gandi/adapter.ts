import { ProviderError, displayName, ignoreFailure, ownerName, type Change, type OwnerName } from '@connect/domain';
import { applyOneByOne, credentialFinding, noZoneFor, zoneNames, zoneReading } from '../../base/index.js';
import type { ChangeOutcome, CredentialFinding, ProviderAdapter, ProviderPorts, Zone, ZoneReading, ZoneSearch } from '../../spi/index.js';
import { GandiClient } from './client.js';
import { pathOf, toBody, toRecordSets, type NativeSets } from './convert.js';
import type { GandiCredential } from './credential.js';
import type { DomainAnswer, RrsetAnswer } from './schema.js';

/** Up to so many names are asked for one by one; more are cheaper as a whole zone. */
const fewNames = 2;

/** Gandi LiveDNS, API v5. */
export class GandiAdapter implements ProviderAdapter<NativeSets> {
  private readonly client: GandiClient;
  private readonly clock: ProviderPorts['clock'];

  constructor(credential: GandiCredential, ports: Pick<ProviderPorts, 'http' | 'clock'>) {
    this.client = new GandiClient(credential, ports);
    this.clock = ports.clock;
  }

  /** What a token may write is shown nowhere: a missing permission shows at the first write. */
  async checkCredential(zone: string | null, signal: AbortSignal): Promise<CredentialFinding> {
    return credentialFinding(async () => {
      const named = zone === null ? null : await this.client.domain(nameOf(zone), signal);
      const { domains, complete } = await this.client.domains(signal, named === null ? 20 : 1);
      return {
        detail: 'whether the token may write shows at the first write',
        zones: (named === null ? domains : [named]).map(toZone), zonesComplete: named === null && complete,
        may: ['list_zones', 'read_records', 'write_records'],
        widerThanNeeded: this.widerThanNeeded(domains.length), expiresAt: await this.expiry(signal),
      };
    });
  }

  /** From name to name, longest first. A token that is restricted to other domains answers 404 or 403 to each of them. */
  async findZone(search: ZoneSearch, signal: AbortSignal): Promise<Zone> {
    let refusal: ProviderError | null = null;
    for (const name of zoneNames(search)) {
      try {
        return toZone(await this.client.domain(displayName(name), signal));
      } catch (error) {
        if (!(error instanceof ProviderError) || (error.code !== 'zone_not_found' && error.code !== 'missing_permission')) throw error;
        if (error.code === 'missing_permission') refusal = error;
      }
    }
    throw refusal ?? noZoneFor(search);
  }

  async getRecordSets(zone: Zone, names: readonly OwnerName[] | 'all', signal: AbortSignal): Promise<ZoneReading<NativeSets>> {
    const some = names !== 'all' && names.length <= fewNames ? await this.rrsetsAt(zone, names, signal) : null;
    const { recordSets, native } = toRecordSets(some ?? (await this.client.rrsets(zone.id, signal)), zone.apex);
    return zoneReading(names, recordSets, native, { whole: some === null });
  }

  applyChanges(zone: Zone, changes: readonly Change[], { native }: ZoneReading<NativeSets>, signal: AbortSignal): Promise<ChangeOutcome[]> {
    return applyOneByOne(changes, (change) => this.apply(zone, change, native, signal), signal);
  }

  private async apply(zone: Zone, change: Change, native: NativeSets, signal: AbortSignal): Promise<void> {
    const { ownerName: name, type, before, after } = change;
    if (type === 'ALIAS' && after !== null && name !== zone.apex) throw new ProviderError('unsupported', { detail: 'ALIAS below the bare domain' });
    const path = `/domains/${encodeURIComponent(zone.id)}/records/${pathOf(name, zone.apex)}/${type}`;
    if (after === null) await this.client.delete(path, signal);
    else if (before === null) await this.client.create(path, toBody(change, after, native), signal);
    else await this.client.replace(path, toBody(change, after, native), signal);
  }

  /** `null` where an answer does not say whether a name is empty: then the whole zone is read. */
  private async rrsetsAt(zone: Zone, names: readonly OwnerName[], signal: AbortSignal): Promise<RrsetAnswer[] | null> {
    const found: RrsetAnswer[] = [];
    for (const name of names) {
      const rrsets = await this.client.rrsetsAt(zone.id, name, zone.apex, signal);
      if (rrsets === null) return null;
      found.push(...rrsets);
    }
    return found;
  }

  private widerThanNeeded(domains: number): string | null {
    if (this.client.usesApiKey) return 'An API key opens everything in the account and never ends. Use a personal access token, restricted to the domain, with "Manage domain name technical configurations".';
    return domains > 1 ? 'The token covers more than one domain. Restrict it to the one domain.' : null;
  }

  private async expiry(signal: AbortSignal): Promise<string | null> {
    if (this.client.usesApiKey) return null;
    try {
      return new Date(this.clock.now().getTime() + (await this.client.tokenEndsInSeconds(signal)) * 1000).toISOString();
    } catch (error) {
      ignoreFailure(error, 'the token works; when it ends is good to know, and not needed');
      return null;
    }
  }
}

function toZone({ fqdn }: DomainAnswer): Zone {
  return { id: fqdn.toLowerCase(), apex: ownerName(fqdn) };
}

function nameOf(zone: string): string {
  return displayName(ownerName(zone));
}
