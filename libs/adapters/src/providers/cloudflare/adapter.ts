import { ProviderError, displayName, isWithin, ownerName, recordSetKey, type Change, type OwnerName } from '@connect/domain';
import { credentialFinding, zoneNames, zoneReading } from '../../base/index.js';
import type { ChangeOutcome, CredentialFinding, ProviderAdapter, ProviderPorts, Zone, ZoneReading, ZoneSearch } from '../../spi/index.js';
import { CloudflareClient } from './client.js';
import { toBatches, toOperations, toRecordSets, type NativeSets } from './convert.js';
import type { RecordAnswer, ZoneAnswer } from './schema.js';

/** Operations of one batch on the Free plan. https://developers.cloudflare.com/dns/manage-dns-records/how-to/batch-record-changes/ */
const maxOperations = 200;
/** Up to so many names are asked for one by one; more are cheaper as a whole zone. */
const fewNames = 1;
const permissions = { list_zones: '#zone:read', read_records: '#dns_records:read', write_records: '#dns_records:edit' } as const;

/** Cloudflare DNS, API v4. */
export class CloudflareAdapter implements ProviderAdapter<NativeSets> {
  private readonly client: CloudflareClient;

  constructor(token: string, ports: Pick<ProviderPorts, 'http' | 'clock'>) {
    this.client = new CloudflareClient(token, ports);
  }

  async checkCredential(zone: string | null, signal: AbortSignal): Promise<CredentialFinding> {
    return credentialFinding(async () => {
      const { zones, complete } = zone === null ? await this.client.zones(null, signal) : { zones: await this.named(zone, signal), complete: false };
      const may = mayOf(zones);
      const code = zone !== null && zones.length === 0 ? 'zone_not_found' : zones.length > 0 && !may.includes('write_records') ? 'missing_permission' : null;
      return {
        code, detail: code === 'missing_permission' ? 'the token lacks Zone, DNS, Edit' : null,
        zones: zones.map(toZone), zonesComplete: complete, may,
        widerThanNeeded: widerThanNeeded(zones), expiresAt: await this.expiryOf(zones, signal),
      };
    });
  }

  /** On Enterprise a sub-domain can be a zone of its own. One call finds all zones at and below the apex. */
  async findZone(search: ZoneSearch, signal: AbortSignal): Promise<Zone> {
    const found = search.zone === null ? await this.around(search, signal) : (await this.named(search.zone, signal)).filter(({ name }) => isWithin(search.hostname, ownerName(name)));
    if (found.length === 0) throw new ProviderError('zone_not_found', { detail: `the token opens no zone for ${displayName(search.hostname)}` });
    return toZone(theOneOf(found));
  }

  async getRecordSets(zone: Zone, names: readonly OwnerName[] | 'all', signal: AbortSignal): Promise<ZoneReading<NativeSets>> {
    const records = await this.readable(names !== 'all' && names.length <= fewNames ? this.recordsAt(zone, names, signal) : this.client.records(zone.id, null, signal), signal);
    const { recordSets, native } = toRecordSets(records);
    const isWhole = names === 'all' || names.length > fewNames;
    return zoneReading(names, recordSets, native, { whole: isWhole });
  }

  async applyChanges(zone: Zone, changes: readonly Change[], { native }: ZoneReading<NativeSets>, signal: AbortSignal): Promise<ChangeOutcome[]> {
    const batches = toBatches(changes.map((change) => toOperations(change, native.get(recordSetKey(change)) ?? [])), maxOperations);
    for (const [at, batch] of batches.entries()) {
      await this.client.batch(zone.id, batch, signal).catch((error: unknown) => {
        if (at === 0 || !(error instanceof ProviderError)) throw error;
        throw new ProviderError('outcome_unknown', { detail: `${at} of ${batches.length} batches were written, then ${error.code}`, retryAfterMs: error.retryAfterMs });
      });
    }
    return changes.map((change) => ({ change, status: 'applied', code: null, detail: null }));
  }

  private async recordsAt(zone: Zone, names: readonly OwnerName[], signal: AbortSignal): Promise<RecordAnswer[]> {
    const found: RecordAnswer[] = [];
    for (const name of names) found.push(...(await this.client.records(zone.id, name, signal)));
    return found;
  }

  /** On record paths 403 with 10000 is both an unknown token and a missing permission; the list of zones knows which. */
  private async readable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
    return work.catch(async (error: unknown) => {
      if (error instanceof ProviderError && error.code === 'missing_permission') await this.client.zones(null, signal, 1);
      throw error;
    });
  }

  private async around(search: ZoneSearch, signal: AbortSignal): Promise<ZoneAnswer[]> {
    const { hostname, apex } = search;
    try {
      const { zones } = await this.client.zones({ below: apex }, signal);
      return zones.filter(({ name }) => isWithin(hostname, ownerName(name)) && isWithin(ownerName(name), apex));
    } catch (error) {
      if (!(error instanceof ProviderError) || error.code !== 'missing_permission') throw error;
      return this.walk(search, error, signal);
    }
  }

  /** Tokens for a single zone were seen to answer a name outside their scope with 403 and code 0 (cert-manager issue 3083): no zone there. */
  private async walk(search: ZoneSearch, refusal: ProviderError, signal: AbortSignal): Promise<ZoneAnswer[]> {
    let answered = false;
    const found: ZoneAnswer[] = [];
    for (const name of zoneNames(search)) {
      try {
        const { zones } = await this.client.zones({ at: name }, signal);
        found.push(...zones);
        if (zones.some(isServed)) return found;
        answered = true;
      } catch (error) {
        if (!(error instanceof ProviderError) || error.code !== 'missing_permission') throw error;
      }
    }
    if (!answered) throw refusal;
    return found;
  }

  private async named(zone: string, signal: AbortSignal): Promise<ZoneAnswer[]> {
    if (/^[0-9a-f]{32}$/.test(zone)) return [await this.client.zone(zone, signal)];
    return (await this.client.zones({ at: ownerName(zone) }, signal)).zones;
  }

  /** When the token ends. A token of an account is refused by the endpoint of users, and has its own. */
  private async expiryOf(zones: readonly ZoneAnswer[], signal: AbortSignal): Promise<string | null> {
    const account = zones[0]?.account?.id;
    const asked = [() => this.client.verifyUserToken(signal), ...(account === undefined ? [] : [() => this.client.verifyAccountToken(account, signal)])];
    for (const ask of asked) {
      try {
        return (await ask()).expires_on ?? null;
      } catch (error) {
        if (!(error instanceof ProviderError) || error.row.retry !== 'never') throw error;
      }
    }
    return null;
  }
}

function toZone({ id, name }: ZoneAnswer): Zone {
  return { id, apex: ownerName(name) };
}

/**
 * The longest name that is served; where none is, the longest that can be written: nobody asks a pending or moved sub-domain while its parent answers.
 * One name can come back several times (two accounts, an old entry).
 */
function theOneOf(found: readonly ZoneAnswer[]): ZoneAnswer {
  const writable = found.filter(({ status, type }) => status !== 'moved' && type === 'full');
  const best = [writable.filter(isServed), writable, found].find((zones) => zones.length > 0)!;
  const length = Math.max(...best.map(({ name }) => name.length));
  const longest = best.filter(({ name }) => name.length === length);
  const { name, status, type } = longest[0]!;
  if (writable.length === 0) throw new ProviderError('zone_not_writable', { detail: type === 'full' ? `the zone is in the status ${status}: its name servers are elsewhere` : `the zone is of the type ${type}: records written here are not served` });
  if (longest.length > 1) throw new ProviderError('zone_ambiguous', { detail: `the token opens ${longest.length} zones of the name ${name}` });
  return longest[0]!;
}

function isServed({ status, type }: ZoneAnswer): boolean {
  return status === 'active' && type === 'full';
}

function mayOf(zones: readonly ZoneAnswer[]): CredentialFinding['may'] {
  const held = zones.map((zone) => zone.permissions ?? []);
  return (['list_zones', 'read_records', 'write_records'] as const).filter((may) => held.length > 0 && held.every((each) => each.includes(permissions[may]) || (may === 'read_records' && each.includes(permissions.write_records))));
}

function widerThanNeeded(zones: readonly ZoneAnswer[]): string | null {
  const needed: readonly string[] = Object.values(permissions);
  const more = new Set(zones.flatMap((zone) => zone.permissions ?? []).filter((each) => !needed.includes(each)));
  const findings = [...(zones.length > 1 ? [`it opens ${zones.length} zones`] : []), ...(more.size > 0 ? [`it has ${more.size} more permissions than DNS edit and zone read`] : [])];
  return findings.length === 0 ? null : `The token is wider than needed: ${findings.join(', and ')}. Use the template "Edit zone DNS" with one specific zone.`;
}
