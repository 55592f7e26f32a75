import { ProviderError, displayName, isWithin, ownerName, relativeName, type Change, type OwnerName } from '@connect/domain';
import { credentialFinding, refused, zoneReading } from '../../base/index.js';
import type { ChangeOutcome, CredentialFinding, ProviderAdapter, ProviderPorts, Zone, ZoneReading, ZoneSearch } from '../../spi/index.js';
import { DesecClient } from './client.js';
import { toItem, toRecordSets, type NativeSets } from './convert.js';
import type { DomainAnswer } from './schema.js';

/** Up to so many names are asked for one by one; more are cheaper as a whole zone: reads are counted, too. */
const fewNames = 1;

/** deSEC, API v1. */
export class DesecAdapter implements ProviderAdapter<NativeSets> {
  private readonly client: DesecClient;

  constructor(token: string, ports: Pick<ProviderPorts, 'http' | 'clock'>) {
    this.client = new DesecClient(token, ports);
  }

  /** Reading is never restricted, and policies are shown to managing tokens only: whether the token may write shows at the first write. */
  async checkCredential(zone: string | null, signal: AbortSignal): Promise<CredentialFinding> {
    return credentialFinding(async () => {
      const domains = zone === null ? await this.client.domains(signal) : [await this.client.domain(nameOf(zone), signal)];
      return {
        detail: 'whether a policy of the token allows to write shows at the first write',
        zones: domains.map(toZone), zonesComplete: zone === null,
        may: ['list_zones', 'read_records', 'write_records'],
        widerThanNeeded: await this.widerThanNeeded(signal),
      };
    });
  }

  async findZone({ hostname, apex, zone }: ZoneSearch, signal: AbortSignal): Promise<Zone> {
    const found = zone === null ? await this.client.domainOwning(withoutWildcard(hostname), signal) : await this.client.domain(nameOf(zone), signal);
    if (found === null || !isWithin(hostname, ownerName(found.name)) || (zone === null && !isWithin(ownerName(found.name), apex))) {
      throw new ProviderError('zone_not_found', { detail: `the account has no domain for ${displayName(hostname)}` });
    }
    return toZone(found);
  }

  async getRecordSets(zone: Zone, names: readonly OwnerName[] | 'all', signal: AbortSignal): Promise<ZoneReading<NativeSets>> {
    const isWhole = names === 'all' || names.length > fewNames;
    const asked = isWhole ? [null] : names.map((name) => relativeName(name, zone.apex));
    const rrsets = [];
    for (const subname of asked) rrsets.push(...(await this.client.rrsets(zone.id, subname, signal)));
    const { recordSets, native } = toRecordSets(rrsets, zone.apex);
    return zoneReading(names, recordSets, native, { whole: isWhole });
  }

  /**
   * One request for all, since a domain has 300 writes a day. Where it only creates, it is POST: that refuses a set which somebody else has
   * made meanwhile. If items are refused nothing is written, so the others are sent again without them; a name is written as a whole or not at all.
   */
  async applyChanges(zone: Zone, changes: readonly Change[], reading: ZoneReading<NativeSets>, signal: AbortSignal): Promise<ChangeOutcome[]> {
    const method = changes.every(({ before }) => before === null) ? 'POST' : 'PATCH';
    const refusals = await this.client.write(method, zone.id, changes.map((change) => toItem(change, reading.native, zone.apex)), signal);
    if (refusals === null) return changes.map((change) => ({ change, status: 'applied', code: null, detail: null }));
    const byName = new Map(changes.flatMap((change, at) => (refusals[at] == null ? [] : [[change.ownerName, refusals[at]]])));
    const rest = changes.filter(({ ownerName: name }) => !byName.has(name));
    const settled = changes.flatMap((change) => {
      const refusal = byName.get(change.ownerName);
      return refusal === undefined ? [] : [refused(change, refusal.code, refusal.detail ?? null)];
    });
    return rest.length === 0 ? settled : [...settled, ...(await this.applyChanges(zone, rest, reading, signal))];
  }

  private async widerThanNeeded(signal: AbortSignal): Promise<string | null> {
    try {
      await this.client.tokens(signal);
      return 'The token may manage tokens, so it can make itself every right in the account. Use one without "can manage tokens", narrowed by the policies of the minimal policy.';
    } catch (error) {
      if (!(error instanceof ProviderError) || error.code !== 'missing_permission') throw error;
      return null;
    }
  }
}

function toZone({ name }: DomainAnswer): Zone {
  return { id: name, apex: ownerName(name) };
}

/** The zone of a wildcard is that of the name below which it stands. */
function withoutWildcard(name: OwnerName): OwnerName {
  return name.startsWith('*.') ? ownerName(name.slice(2)) : name;
}

function nameOf(zone: string): string {
  return displayName(ownerName(zone));
}
