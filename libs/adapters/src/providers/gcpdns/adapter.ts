import { ProviderError, displayName, isConnectError, isWithin, type Change, type OwnerName } from '@connect/domain';
import { findZoneByName, refused, zoneReading } from '../../base/index.js';
import type { ChangeOutcome, CredentialFinding, ProviderAdapter, ProviderPorts, Zone, ZoneReading, ZoneSearch } from '../../spi/index.js';
import { checkKey, checkZone } from './check.js';
import { GcpdnsClient } from './client.js';
import { sizeOf, toRecordSets, toTheirChange, type NativeSets } from './convert.js';
import type { GcpdnsCredential } from './credential.js';
import type { Rrset } from './schema.js';
import { dnsNameOf, zoneByName, zoneNamed } from './zones.js';

/** Up to so many names are asked for one by one; beyond, pages of 500 record sets are fewer calls. */
const fewNames = 10;
/** https://cloud.google.com/dns/quotas, verified 2026-11: 100,000 octets of record data in one change. */
const maxChangeBytes = 100_000;
/** When to look whether a change is on all name servers; the verifier looks at those anyway. */
const looksAfterMs = [1_000, 3_000];

/** Google Cloud DNS, API v1. */
export class GcpdnsAdapter implements ProviderAdapter<NativeSets> {
  private readonly client: GcpdnsClient;

  constructor(private readonly credential: GcpdnsCredential, private readonly ports: ProviderPorts) {
    this.client = new GcpdnsClient(credential, ports);
  }

  async checkCredential(zone: string | null, signal: AbortSignal): Promise<CredentialFinding> {
    const named = zone ?? this.credential.managedZone;
    return named === null ? checkKey(this.client, signal) : checkZone(this.client, () => this.named(named, signal), signal);
  }

  /** The caller's zone, then the credential's where the name is in it, then a search by DNS name. */
  async findZone(search: ZoneSearch, signal: AbortSignal): Promise<Zone> {
    const { hostname, zone } = search;
    const { managedZone } = this.credential;
    if (zone === null && managedZone === null) return findZoneByName(search, (name) => zoneByName(this.client, name, signal));
    const named = await this.named(zone ?? managedZone!, signal);
    if (isWithin(hostname, named.apex)) return named;
    const elsewhere = new ProviderError('zone_not_found', { detail: `the zone ${named.id} is for ${displayName(named.apex)}, not for ${displayName(hostname)}` });
    if (zone !== null) throw elsewhere;
    return findZoneByName(search, (name) => zoneByName(this.client, name, signal)).catch((error: unknown): never => {
      throw isConnectError(error) && error.code === 'missing_permission' ? elsewhere : error;
    });
  }

  async getRecordSets(zone: Zone, names: readonly OwnerName[] | 'all', signal: AbortSignal): Promise<ZoneReading<NativeSets>> {
    const isWhole = names === 'all' || new Set(names).size > fewNames;
    const rrsets: Rrset[] = [];
    for (const name of isWhole ? [null] : new Set(names)) rrsets.push(...(await this.client.recordSets(zone.id, name, signal)));
    const { recordSets, native } = toRecordSets(rrsets);
    return zoneReading(names, recordSets, native, { whole: isWhole });
  }

  async applyChanges(zone: Zone, changes: readonly Change[], { native }: ZoneReading<NativeSets>, signal: AbortSignal): Promise<ChangeOutcome[]> {
    const isMisplaced = ({ ownerName: name, type, after }: Change): boolean => type === 'ALIAS' && after !== null && name !== zone.apex;
    const misplaced = changes.filter(isMisplaced).map((change) => refused(change, 'unsupported', 'ALIAS records below the apex'));
    const sent = changes.filter((change) => !isMisplaced(change));
    if (sent.length === 0) return misplaced;
    const body = toTheirChange(sent, native);
    if (sizeOf(body) > maxChangeBytes) throw new ProviderError('record_invalid', { detail: `the record sets of this write are larger than ${maxChangeBytes} octets together` });
    const { id, isDone } = await this.client.change(zone.id, body, signal);
    const detail = isDone ? null : await this.waitForDone(zone, id, signal);
    return [...misplaced, ...sent.map((change): ChangeOutcome => ({ change, status: 'applied', code: null, detail }))];
  }

  /** The change is accepted whatever comes of this, and a role without dns.changes.get is fine. `null`: it has gone to all name servers. */
  private async waitForDone(zone: Zone, changeId: string, signal: AbortSignal): Promise<string | null> {
    try {
      for (const ms of looksAfterMs) {
        await this.ports.pause(ms, signal);
        if (await this.client.isDone(zone.id, changeId, signal)) return null;
      }
      return 'accepted, and not yet on all name servers';
    } catch (error) {
      if (!isConnectError(error)) throw error;
      return error.code === 'missing_permission' ? 'accepted; the role has no dns.changes.get, so nobody waited for the name servers' : 'accepted; whether it is on all name servers is not known';
    }
  }

  /** A zone by its name, number or DNS name. The credential's own is known by its DNS name, too, where the account may not list zones. */
  private async named(zone: string, signal: AbortSignal): Promise<Zone> {
    const { managedZone } = this.credential;
    const dnsName = dnsNameOf(zone);
    const own = dnsName === null || managedZone === null ? null : await zoneNamed(this.client, managedZone, signal);
    return own !== null && own.apex === dnsName ? own : zoneNamed(this.client, zone, signal);
  }
}
