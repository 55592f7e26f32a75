import { ProviderError, ignoreFailure, ownerName, recordSetKey, type Change, type OwnerName } from '@connect/domain';
import { credentialFinding, findZoneByName, zoneReading } from '../../base/index.js';
import type { ChangeOutcome, CredentialFinding, ProviderAdapter, ProviderPorts, Zone, ZoneReading, ZoneSearch } from '../../spi/index.js';
import { PowerdnsClient } from './client.js';
import { toPatch, toRecordSets, type NativeSets } from './convert.js';
import type { PowerdnsCredential } from './credential.js';
import type { ZoneAnswer } from './schema.js';

type Native = { sets: NativeSets; zone: ZoneAnswer };

/** PowerDNS Authoritative Server over its HTTP API. */
export class PowerdnsAdapter implements ProviderAdapter<Native> {
  private readonly client: PowerdnsClient;

  constructor(credential: PowerdnsCredential, ports: ProviderPorts) {
    this.client = new PowerdnsClient(credential, ports);
  }

  async checkCredential(zone: string | null, signal: AbortSignal): Promise<CredentialFinding> {
    return credentialFinding(async () => {
      const server = await this.client.server(signal);
      if (server.daemon_type !== 'authoritative') throw new ProviderError('unsupported', { detail: 'the server is not a PowerDNS Authoritative Server' });
      const zones = zone === null ? await this.client.zones(signal) : [await this.named(ownerName(zone), signal)].filter((each) => each !== null);
      return {
        code: zones.length === 0 && zone !== null ? 'zone_not_found' : null,
        zones: zones.filter(isWritable).map(toZone),
        zonesComplete: zone === null,
        may: ['list_zones', 'read_records', 'write_records'],
        widerThanNeeded: 'The key opens every zone and every setting of the server; a proxy that passes only the paths of the minimal policy narrows it.',
      };
    });
  }

  /** The longest name wins: a record put into the parent of a separately hosted zone is taken and never served (4.7). */
  async findZone(search: ZoneSearch, signal: AbortSignal): Promise<Zone> {
    return findZoneByName(search, async (name) => {
      const found = await this.named(name, signal);
      if (found === null) return null;
      refuseUnwritable(found);
      return toZone(found);
    });
  }

  async getRecordSets(zone: Zone, names: readonly OwnerName[] | 'all', signal: AbortSignal): Promise<ZoneReading<Native>> {
    const answer = await this.client.zone(zone.id, signal);
    const { recordSets, native } = toRecordSets(answer.rrsets);
    return zoneReading(names, recordSets, { sets: native, zone: answer }, { whole: true });
  }

  async applyChanges(zone: Zone, changes: readonly Change[], reading: ZoneReading<Native>, signal: AbortSignal): Promise<ChangeOutcome[]> {
    refuseUnwritable(reading.native.zone);
    await this.client.patch(zone.id, changes.map((change) => toPatch(change, reading.native.sets.get(recordSetKey(change)))), signal);
    await this.publish(reading.native.zone, signal);
    return changes.map((change) => ({ change, status: 'applied', code: null, detail: null }));
  }

  /** The data is written; what follows makes it visible sooner, and happens by itself later where it fails. */
  private async publish(zone: ZoneAnswer, signal: AbortSignal): Promise<void> {
    if (zone.dnssec && !zone.api_rectify) await this.client.put(zone.id, 'rectify', signal).catch((error: unknown) => ignoreFailure(error, 'a zone whose rectify is refused serves unsigned or rectified data as its operator set it up'));
    if (['Master', 'Primary', 'Producer'].includes(zone.kind)) await this.client.put(zone.id, 'notify', signal).catch((error: unknown) => ignoreFailure(error, 'the server notifies its secondaries by itself within a minute'));
  }

  private named(name: OwnerName, signal: AbortSignal): Promise<ZoneAnswer | null> {
    return this.client.zoneNamed(name, signal);
  }
}

function toZone(answer: ZoneAnswer): Zone {
  return { id: answer.id, apex: ownerName(answer.name) };
}

/** On a secondary, PATCH answers 204 and the next transfer takes the change away again (4.7). */
function isWritable({ kind, presigned }: ZoneAnswer): boolean {
  return !['Slave', 'Secondary', 'Consumer'].includes(kind) && !presigned;
}

function refuseUnwritable(zone: ZoneAnswer): void {
  if (!isWritable(zone)) throw new ProviderError('zone_not_writable', { detail: zone.presigned ? 'the zone is signed elsewhere' : `the zone is of kind ${zone.kind}: it is copied from another server` });
}
