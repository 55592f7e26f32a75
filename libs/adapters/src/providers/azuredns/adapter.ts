import { ProviderError, recordSetKey, type Change, type OwnerName } from '@connect/domain';
import { applyOneByOne, zoneReading } from '../../base/index.js';
import type { ChangeOutcome, CredentialFinding, ProviderAdapter, ProviderPorts, Zone, ZoneReading, ZoneSearch } from '../../spi/index.js';
import { checkGroup, checkZone } from './check.js';
import { AzurednsClient } from './client.js';
import { addressOf, asItWas, toRecordSets, toTheirSet, type NativeSets } from './convert.js';
import type { AzurednsCredential } from './credential.js';
import { MadeRoom } from './made-room.js';
import { namedZone, namedZoneFor, zoneOf } from './zones.js';

/** Azure DNS, public zones of one resource group. */
export class AzurednsAdapter implements ProviderAdapter<NativeSets> {
  private readonly client: AzurednsClient;

  constructor(private readonly credential: AzurednsCredential, ports: Pick<ProviderPorts, 'http' | 'clock'>) {
    this.client = new AzurednsClient(credential, ports);
  }

  async checkCredential(zone: string | null, signal: AbortSignal): Promise<CredentialFinding> {
    return zone === null ? checkGroup(this.client, signal) : checkZone(this.client, () => namedZone(this.client, zone, this.credential, signal), signal);
  }

  async findZone(search: ZoneSearch, signal: AbortSignal): Promise<Zone> {
    const { zone } = search;
    return zone === null ? zoneOf(this.client, search, signal) : namedZoneFor(this.client, { ...search, zone }, this.credential, signal);
  }

  async getRecordSets(zone: Zone, names: readonly OwnerName[] | 'all', signal: AbortSignal): Promise<ZoneReading<NativeSets>> {
    const { recordSets, native } = toRecordSets(await this.client.recordSets(zone.id, signal), zone.apex);
    return zoneReading(names, recordSets, native, { whole: true });
  }

  async applyChanges(zone: Zone, changes: readonly Change[], { native }: ZoneReading<NativeSets>, signal: AbortSignal): Promise<ChangeOutcome[]> {
    const room = new MadeRoom(async (change) => {
      const present = native.get(recordSetKey(change));
      if (present !== undefined) await this.client.put(zone.id, present, asItWas(present), null, signal);
    });
    return room.settled(await applyOneByOne(changes, (change) => room.around(change, () => this.apply(zone, change, native, signal)), signal));
  }

  /** Compare-and-swap: each write names the ETag of the set that was read, or that there was none. */
  private async apply(zone: Zone, change: Change, native: NativeSets, signal: AbortSignal): Promise<void> {
    const present = native.get(recordSetKey(change)) ?? null;
    if (change.after !== null) return this.client.put(zone.id, present ?? addressOf(change, zone.apex), toTheirSet(change, present), present?.etag ?? null, signal);
    if (present === null) throw new ProviderError('zone_changed', { detail: `the ${change.type} set at ${change.ownerName} was not read` });
    return this.client.delete(zone.id, present, present.etag, signal);
  }
}
