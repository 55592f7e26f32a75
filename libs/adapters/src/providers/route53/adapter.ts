import { ProviderError, displayName, isConnectError, isWithin, ownerName, type Change, type OwnerName } from '@connect/domain';
import { findZoneByName, mayHaveHappened, refused } from '../../base/index.js';
import type { ChangeOutcome, CredentialFinding, ProviderAdapter, ProviderPorts, Zone, ZoneReading, ZoneSearch } from '../../spi/index.js';
import { checkKey, checkZone } from './check.js';
import { Route53Client, pageSize } from './client.js';
import { toBatches, toRecordSets, type NativeSets } from './convert.js';
import type { Route53Credential } from './credential.js';
import { fromTheirName, toTheirName } from './names.js';
import type { ResourceRecordSet } from './schema.js';
import { toZone, zoneById } from './zones.js';

/** Up to so many names are asked for one by one; beyond, pages of 300 record sets are fewer calls. */
const fewNames = 10;
/** When to look whether a change is on all name servers; the verifier looks at those anyway. Peers look every 4 s. */
const looksAfterMs = [2_000, 4_000];

/** Amazon Route 53, API 2013-04-01. */
export class Route53Adapter implements ProviderAdapter<NativeSets> {
  private readonly client: Route53Client;

  constructor(credential: Route53Credential, private readonly ports: ProviderPorts) {
    this.client = new Route53Client(credential, ports);
  }

  async checkCredential(zone: string | null, signal: AbortSignal): Promise<CredentialFinding> {
    return zone === null ? checkKey(this.client, signal) : checkZone(this.client, () => this.named(zone, signal), signal);
  }

  async findZone(search: ZoneSearch, signal: AbortSignal): Promise<Zone> {
    const { hostname, zone } = search;
    if (zone !== null) {
      const named = await this.named(zone, signal);
      if (isWithin(hostname, named.apex)) return named;
      throw new ProviderError('zone_not_found', { detail: `the hosted zone is for ${displayName(named.apex)}, not for ${displayName(hostname)}` });
    }
    return findZoneByName(search, (name) => this.byName(name, signal));
  }

  async getRecordSets(zone: Zone, names: readonly OwnerName[] | 'all', signal: AbortSignal): Promise<ZoneReading<NativeSets>> {
    const answers: ResourceRecordSet[] = [];
    if (names !== 'all' && names.length <= fewNames) {
      for (const name of new Set(names)) answers.push(...(await this.setsAt(zone, name, signal)));
    } else {
      for await (const page of this.client.recordSets(zone.id, {}, pageSize.recordSets, signal)) answers.push(...page);
    }
    const { recordSets, native } = toRecordSets(answers);
    const covers = names === 'all' ? null : new Set(names);
    return { names, recordSets: recordSets.filter(({ ownerName: name }) => covers === null || covers.has(name)), recordSetCount: covers === null ? recordSets.length : null, native };
  }

  async applyChanges(zone: Zone, changes: readonly Change[], reading: ZoneReading<NativeSets>, signal: AbortSignal): Promise<ChangeOutcome[]> {
    const outcomes: ChangeOutcome[] = [];
    const batches = toBatches(changes, reading.native);
    for (const [at, batch] of batches.entries()) {
      try {
        const submitted = await this.client.change(zone.id, batch.items, signal);
        const isLast = at === batches.length - 1;
        const detail = submitted.isInSync || !isLast ? null : await this.waitForInSync(submitted.id, signal);
        outcomes.push(...batch.changes.map((change): ChangeOutcome => ({ change, status: 'applied', code: null, detail })));
      } catch (error) {
        if (at === 0 || !(error instanceof ProviderError)) throw error;
        const rest = batches.slice(at + 1).flatMap((each) => each.changes);
        const ofBatch = batch.changes.map((change): ChangeOutcome => (mayHaveHappened(error) ? { change, status: 'unknown', code: 'outcome_unknown', detail: error.detail ?? null } : refused(change, error.code, error.detail ?? null)));
        return [...outcomes, ...ofBatch, ...rest.map((change) => refused(change, 'provider_unavailable', 'not sent: the batch before it was not carried out'))];
      }
    }
    return outcomes;
  }

  /** The change is accepted whatever comes of this; a policy without GetChange is common, and the user's page does not ask for it. `null`: in sync. */
  private async waitForInSync(changeId: string, signal: AbortSignal): Promise<string | null> {
    try {
      for (const ms of looksAfterMs) {
        await this.ports.pause(ms, signal);
        if (await this.client.isInSync(changeId, signal)) return null;
      }
      return 'accepted, and not yet on all name servers';
    } catch (error) {
      if (!isConnectError(error)) throw error;
      return error.code === 'missing_permission' ? 'accepted; the policy has no route53:GetChange, so nobody waited for the name servers' : 'accepted; whether it is on all name servers is not known';
    }
  }

  private async setsAt(zone: Zone, name: OwnerName, signal: AbortSignal): Promise<ResourceRecordSet[]> {
    const found: ResourceRecordSet[] = [];
    for await (const page of this.client.recordSets(zone.id, { name: toTheirName(name) }, pageSize.atOneName, signal)) {
      const atName = page.filter((set) => fromTheirName(set.Name) === name);
      found.push(...atName);
      if (atName.length < page.length) break;
    }
    return found;
  }

  /** The hosted zone ID of the user's page, `/hostedzone/Z…` as their API writes it, or a name where the key may list zones. */
  private async named(zone: string, signal: AbortSignal): Promise<Zone> {
    const id = /^(?:\/hostedzone\/)?(Z[A-Z0-9]{1,31})$/.exec(zone.trim())?.[1];
    if (id !== undefined) return zoneById(this.client, id, signal);
    const found = zone.includes('.') && !zone.includes('/') ? await this.byName(ownerName(zone), signal) : null;
    if (found === null) throw new ProviderError('zone_not_found', { detail: 'the account has no such hosted zone; the zone is its ID (Z…), as Route 53, Hosted zones shows it' });
    return found;
  }

  /** Private zones may have the same name and are never meant. */
  private async byName(name: OwnerName, signal: AbortSignal): Promise<Zone | null> {
    const all = await this.client.hostedZonesNamed(name, signal).catch((error: unknown): never => {
      if (!isConnectError(error) || error.code !== 'missing_permission') throw error;
      throw new ProviderError('missing_permission', { detail: 'the policy does not let the key list hosted zones: give the hosted zone ID (Z…) as the zone' });
    });
    const [first, ...more] = all.filter((zone) => zone.Config?.PrivateZone !== true);
    if (first === undefined) return null;
    if (more.length > 0) throw new ProviderError('zone_ambiguous', { detail: `${more.length + 1} public hosted zones have the name ${displayName(name)}: give the ID (Z…) of the one that is delegated` });
    return toZone(first);
  }
}
