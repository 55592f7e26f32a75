import { ProviderError, displayName, ignoreFailure, isConnectError, isWithin, labelsOf, ownerName, parseHostname, type Change, type OwnerName } from '@connect/domain';
import { credentialFinding, refused, zoneReading } from '../../base/index.js';
import type { ChangeOutcome, CredentialFinding, ProviderAdapter, ProviderPorts, Zone, ZoneReading, ZoneSearch } from '../../spi/index.js';
import { NamecheapClient } from './client.js';
import { assertNothingLost, compose, isShown, mailConflict, obstacleOf, toHiddenSets, toRecordSets, withoutRepreferred, type HostList } from './convert.js';
import type { NamecheapCredential } from './credential.js';

/** https://www.namecheap.com/support/knowledgebase/article.aspx/10058/10/namecheap-dns-limits, 2026-11. A zone that has more shows that its limit was raised. */
const rowLimit = 150;
/** Waits before each look at what was written; together the time that their reads may lag behind. */
const looksAfterMs = [0, 1_000, 2_000, 2_000] as const;

/** Namecheap's API: a zone is one list, read whole and written whole. */
export class NamecheapAdapter implements ProviderAdapter<HostList> {
  private readonly client: NamecheapClient;

  constructor(credential: NamecheapCredential, private readonly ports: Pick<ProviderPorts, 'http' | 'clock' | 'pause'>) {
    this.client = new NamecheapClient(credential, ports);
  }

  async checkCredential(zone: string | null, signal: AbortSignal): Promise<CredentialFinding> {
    return credentialFinding(async () => {
      const zones = zone === null ? await this.listed(signal) : [await this.served(domainOf(zone), signal)];
      return {
        zones, zonesComplete: zone === null, may: ['list_zones', 'read_records', 'write_records'],
        widerThanNeeded: 'The key opens the whole account, purchases included, and cannot be narrowed. An account of its own, to which the domain is shared, is the narrowest way.',
      };
    });
  }

  /** Zones are registrable domains; one that is shared with the account is not in its list, so it is asked for by name. */
  async findZone({ hostname, apex, zone }: ZoneSearch, signal: AbortSignal): Promise<Zone> {
    const domain = zone === null ? apex : domainOf(zone);
    if (!isWithin(hostname, domain)) throw new ProviderError('zone_not_found', { detail: `${displayName(hostname)} is not in the zone that was named` });
    return this.served(domain, signal);
  }

  /**
   * The hidden rows only where the whole zone is asked for, and before the list: the list is what a write replaces, and it may be written as soon as it is read. The look at
   * single names directly before a write is about the list only.
   */
  async getRecordSets(zone: Zone, names: readonly OwnerName[] | 'all', signal: AbortSignal): Promise<ZoneReading<HostList>> {
    const hidden = names === 'all' ? await this.client.srvRows(zone.apex, signal) : [];
    const list = await this.hostsOf(zone, signal);
    const recordSets = [...toRecordSets(list, zone.apex), ...toHiddenSets(hidden, zone.apex)];
    return zoneReading(names, recordSets, list, { whole: true });
  }

  async applyChanges(zone: Zone, changes: readonly Change[], { native: list }: ZoneReading<HostList>, signal: AbortSignal): Promise<ChangeOutcome[]> {
    const obstacle = obstacleOf(list);
    if (obstacle !== null) throw new ProviderError('zone_not_writable', { detail: obstacle });
    const writable = changes.filter((change) => mailConflict(change, list) === null);
    if (writable.length > 0) await this.replace(zone, list, writable, signal);
    return changes.map((change) => (writable.includes(change) ? { change, status: 'applied', code: null, detail: null } : refused(change, 'record_conflict', mailConflict(change, list))));
  }

  private async replace(zone: Zone, list: HostList, changes: readonly Change[], signal: AbortSignal): Promise<void> {
    const whole = compose(list, changes, zone.apex);
    if (whole.hosts.length > rowLimit && whole.hosts.length > list.hosts.length && list.hosts.length <= rowLimit) {
      throw new ProviderError('zone_full', { detail: `the zone would have ${whole.hosts.length} rows, and ${rowLimit} are the limit` });
    }
    const first = withoutRepreferred(changes);
    if (first !== null) {
      // The mail setting stays while the rows are away: it would be reset with the last MX row.
      const between = { ...compose(list, first, zone.apex), emailType: whole.emailType };
      assertNothingLost(list, between, changes, zone.apex);
      await this.client.setHosts(zone.apex, between, signal);
    }
    assertNothingLost(list, whole, changes, zone.apex);
    await this.client.setHosts(zone.apex, whole, signal).catch((error: unknown) => {
      if (first === null || !isConnectError(error)) throw error;
      throw new ProviderError('outcome_unknown', { detail: `the MX rows were taken out and not yet put back, then ${error.code}`, retryAfterMs: error.retryAfterMs });
    });
    await this.awaitShown(zone, changes, whole.emailType, signal);
  }

  /**
   * Ends when their own list shows the write: the next list that is written must not be computed from an older one, or it would take
   * this write back. DNSControl issues 4637 and 4645 (2026-08) saw reads that lag.
   */
  private async awaitShown({ apex }: Zone, changes: readonly Change[], emailType: string, signal: AbortSignal): Promise<void> {
    for (const waitMs of looksAfterMs) {
      if (waitMs > 0) await this.ports.pause(waitMs, signal);
      const list = await this.client.hosts(apex, signal).catch((error: unknown) => ignoreFailure(error, 'the write was confirmed; who looks next decides'));
      if (list === undefined || isShown(changes, emailType, list, apex)) return;
    }
    throw new ProviderError('outcome_unknown', { detail: 'they confirmed the write, and their list does not show it' });
  }

  /** An empty list is believed only when it is said twice: whatever is written on it deletes the zone. */
  private async hostsOf({ apex }: Zone, signal: AbortSignal): Promise<HostList> {
    const first = await this.client.hosts(apex, signal);
    const list = first.hosts.length > 0 ? first : await this.client.hosts(apex, signal);
    if (!list.isOurDns) throw notServed();
    return { emailType: list.emailType, hosts: list.hosts };
  }

  private async served(domain: OwnerName, signal: AbortSignal): Promise<Zone> {
    const { Domain, IsUsingOurDNS } = await this.client.nameServers(domain, signal);
    if (ownerName(Domain) !== domain) throw new ProviderError('provider_protocol', { detail: 'they answer for another domain' });
    if (!IsUsingOurDNS) throw notServed();
    return { id: displayName(domain), apex: domain };
  }

  private async listed(signal: AbortSignal): Promise<Zone[]> {
    const domains = await this.client.domains(signal);
    return domains.filter(({ IsOurDNS, IsExpired }) => IsOurDNS && !IsExpired).map(({ Name }) => ({ id: Name.toLowerCase(), apex: ownerName(Name) }));
  }
}

function notServed(): ProviderError {
  return new ProviderError('zone_not_found', { detail: 'the domain is in the account, and its name servers are elsewhere: records here would not be seen' });
}

/** A zone is a domain as it is registered: the ICANN part of the Public Suffix List says where name and suffix part. */
function domainOf(zone: string): OwnerName {
  try {
    const { ownerName: name, apex } = parseHostname(zone);
    if (name === apex && labelsOf(name).length > 1) return name;
  } catch (error) {
    if (!isConnectError(error)) throw error;
  }
  throw new ProviderError('zone_not_found', { detail: 'a zone at Namecheap is a registered domain, such as example.co.uk' });
}
