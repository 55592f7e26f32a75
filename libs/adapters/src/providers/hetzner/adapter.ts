import { ProviderError, displayName, ignoreFailure, isWithin, ownerName, recordSetKey, sameRecordSet, type Change, type OwnerName } from '@connect/domain';
import { applyOneByOne, credentialFinding, noZoneFor, zoneNames, zoneReading } from '../../base/index.js';
import type { ChangeOutcome, CredentialFinding, ProviderAdapter, ProviderPorts, Zone, ZoneReading, ZoneSearch } from '../../spi/index.js';
import { HetznerClient } from './client.js';
import { nameOf, toRecordSets, toSteps, type NativeSets } from './convert.js';
import type { RrsetAnswer, ZoneAnswer } from './schema.js';

/** Up to so many names are asked for one by one; more are cheaper as a whole zone. */
const fewNames = 2;

/** Hetzner DNS in the Cloud API, v1. */
export class HetznerAdapter implements ProviderAdapter<NativeSets> {
  private readonly client: HetznerClient;

  constructor(token: string, ports: Pick<ProviderPorts, 'http' | 'clock' | 'pause'>) {
    this.client = new HetznerClient(token, ports);
  }

  /** Whether a token has Read & Write or Read only shows at a write. */
  async checkCredential(zone: string | null, signal: AbortSignal): Promise<CredentialFinding> {
    return credentialFinding(async () => {
      const zones = await this.client.zones(signal);
      const found = zone === null ? zones : [await this.client.zone(zoneKeyOf(zone), signal)];
      const code = zone !== null && !found.some(isPrimary) ? 'zone_not_writable' : null;
      return {
        code, detail: code === null ? 'whether the token has Read & Write shows at the first write' : 'the zone is secondary: it is copied from another server',
        zones: found.filter(isPrimary).map(toZone), zonesComplete: zone === null,
        may: ['list_zones', 'read_records', 'write_records'],
        widerThanNeeded: await this.widerThanNeeded(zones.length, signal),
      };
    });
  }

  /** From name to name, longest first. Only registrable names can be zones here, but which those are is their judgement. */
  async findZone(search: ZoneSearch, signal: AbortSignal): Promise<Zone> {
    const names = search.zone === null ? zoneNames(search).map(displayName) : [zoneKeyOf(search.zone)];
    for (const name of names) {
      const found = await this.zoneOrNull(name, signal);
      if (found === null || !isWithin(search.hostname, ownerName(found.name))) continue;
      if (!isPrimary(found)) throw new ProviderError('zone_not_writable', { detail: 'the zone is secondary: it is copied from another server' });
      return toZone(found);
    }
    throw noZoneFor(search);
  }

  async getRecordSets(zone: Zone, names: readonly OwnerName[] | 'all', signal: AbortSignal): Promise<ZoneReading<NativeSets>> {
    const isWhole = names === 'all' || names.length > fewNames;
    const rrsets: RrsetAnswer[] = [];
    for (const name of isWhole ? [null] : names) rrsets.push(...(await this.client.rrsets(zone.id, name === null ? null : nameOf(name, zone.apex), signal)));
    // Only sets without a TTL of their own need that of the zone.
    const defaultTtlSeconds = rrsets.some(({ ttl }) => ttl === null) ? (await this.client.zone(zone.id, signal)).ttl : 0;
    const { recordSets, native } = toRecordSets(rrsets, zone.apex, defaultTtlSeconds);
    return zoneReading(names, recordSets, native, { whole: isWhole });
  }

  applyChanges(zone: Zone, changes: readonly Change[], { native }: ZoneReading<NativeSets>, signal: AbortSignal): Promise<ChangeOutcome[]> {
    return applyOneByOne(changes, (change) => this.apply(zone, change, native, signal), signal);
  }

  private async apply(zone: Zone, change: Change, native: NativeSets, signal: AbortSignal): Promise<void> {
    const steps = toSteps(change, native, zone.apex);
    for (const [done, step] of steps.entries()) {
      try {
        await this.client.carryOut(zone.id, nameOf(change.ownerName, zone.apex), change.type, step, signal);
      } catch (error) {
        if (!(error instanceof ProviderError) || error.code === 'outcome_unknown') throw error;
        if (done > 0) throw new ProviderError('outcome_unknown', { detail: `${done} of ${steps.length} calls were carried out, then ${error.code}`, retryAfterMs: error.retryAfterMs });
        // A value that is there already is refused in the same words as one that is wrong, as far as is known.
        if (error.code === 'record_invalid' && (await this.hasMoved(zone, change, signal))) throw new ProviderError('zone_changed', { detail: 'the set is not what the change was computed from' });
        throw error;
      }
    }
  }

  private async hasMoved(zone: Zone, change: Change, signal: AbortSignal): Promise<boolean> {
    const { recordSets } = await this.getRecordSets(zone, [change.ownerName], signal);
    return !sameRecordSet(change.before, recordSets.find((set) => recordSetKey(set) === recordSetKey(change)) ?? null);
  }

  /** A name that cannot be a zone may be answered as a wrong one. */
  private async zoneOrNull(idOrName: string, signal: AbortSignal): Promise<ZoneAnswer | null> {
    try {
      return await this.client.zone(idOrName, signal);
    } catch (error) {
      if (error instanceof ProviderError && (error.code === 'zone_not_found' || error.code === 'record_invalid')) return null;
      throw error;
    }
  }

  private async widerThanNeeded(zones: number, signal: AbortSignal): Promise<string | null> {
    const servers = await this.client.serverCount(signal).catch((error: unknown) => {
      ignoreFailure(error, 'the token works; what else it opens is good to know, and not needed');
      return 0;
    });
    const more = [...(zones > 1 ? [`${zones} zones`] : []), ...(servers > 0 ? [`${servers} servers`] : [])];
    return more.length === 0 ? null : `The token opens everything in its project: ${more.join(' and ')}. Keep the zone in a project of its own and make the token there.`;
  }
}

function toZone({ id, name }: ZoneAnswer): Zone {
  return { id: `${id}`, apex: ownerName(name) };
}

function isPrimary({ mode }: ZoneAnswer): boolean {
  return mode === 'primary';
}

/** The caller may give the id or the name. */
function zoneKeyOf(zone: string): string {
  return displayName(ownerName(zone));
}
