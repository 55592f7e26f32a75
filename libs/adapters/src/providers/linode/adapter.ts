import { ProviderError, displayName, isConnectError, isWithin, ownerName, recordSetKey, type Change, type OwnerName, type RecordValue } from '@connect/domain';
import { applyOneByOne, carryOut, credentialFinding, noZoneFor, recordOperations, zoneNames, zoneReading } from '../../base/index.js';
import type { ChangeOutcome, CredentialFinding, ProviderAdapter, ProviderPorts, Zone, ZoneReading, ZoneSearch } from '../../spi/index.js';
import { LinodeClient } from './client.js';
import { toFields, toRecordSets, type NativeSets } from './convert.js';
import type { DomainAnswer } from './schema.js';

const writing = ['*', 'domains:read_write'];
const needed = ['domains:read_write', 'domains:read_only'];
const moreThanDomains = 'The token may more than domains: create one with Read/Write for Domains and No Access for everything else.';

/** Linode (Akamai Cloud) DNS Manager, API v4. */
export class LinodeAdapter implements ProviderAdapter<NativeSets> {
  private readonly client: LinodeClient;

  constructor(token: string, ports: Pick<ProviderPorts, 'http' | 'clock'>) {
    this.client = new LinodeClient(token, ports);
  }

  /** Scopes are told with every answer. What a restricted user is granted on a domain shows at the first write. */
  async checkCredential(zone: string | null, signal: AbortSignal): Promise<CredentialFinding> {
    return credentialFinding(async () => {
      const scopes = await this.client.scopes(signal);
      const found = zone === null ? await this.client.domains('all', signal) : await this.named(zone, signal);
      const mayWrite = scopes === null || scopes.some((scope) => writing.includes(scope));
      const [first] = found;
      const refusal = zone === null || first === undefined ? null : whyNotWritable(first);
      const code = zone !== null && first === undefined ? 'zone_not_found' : !mayWrite ? 'missing_permission' : refusal === null ? null : 'zone_not_writable';
      return {
        code, detail: code === 'missing_permission' ? 'the token lacks the scope domains:read_write' : refusal,
        zones: found.map(toZone), zonesComplete: zone === null,
        may: ['list_zones', 'read_records', ...(mayWrite ? (['write_records'] as const) : [])],
        widerThanNeeded: scopes?.some((scope) => !needed.includes(scope)) === true ? moreThanDomains : null,
      };
    });
  }

  /** Sub-domains can be domains of their own, so the longest name wins; all candidates are one call. */
  async findZone(search: ZoneSearch, signal: AbortSignal): Promise<Zone> {
    const found = search.zone === null ? await this.client.domains(zoneNames(search).map(displayName), signal) : await this.named(search.zone, signal);
    const [longest] = found.filter(({ domain }) => isWithin(search.hostname, ownerName(domain))).sort((a, b) => b.domain.length - a.domain.length);
    if (longest === undefined) throw noZoneFor(search);
    const refusal = whyNotWritable(longest);
    if (refusal !== null) throw new ProviderError('zone_not_writable', { detail: refusal });
    return toZone(longest);
  }

  async getRecordSets({ id, apex }: Zone, names: readonly OwnerName[] | 'all', signal: AbortSignal): Promise<ZoneReading<NativeSets>> {
    const answers = await this.client.records(id, signal);
    const inherits = answers.some(({ ttl_sec: ttlSeconds }) => ttlSeconds === 0);
    const zoneTtlSeconds = inherits ? ((await this.client.domain(id, signal))?.ttl_sec ?? 0) : 0;
    const { recordSets, native } = toRecordSets(answers, apex, zoneTtlSeconds);
    return zoneReading(names, recordSets, native, { whole: true });
  }

  async applyChanges(zone: Zone, changes: readonly Change[], { native }: ZoneReading<NativeSets>, signal: AbortSignal): Promise<ChangeOutcome[]> {
    return applyOneByOne(changes, async (change) => {
      await carryOut(recordOperations(change, native.get(recordSetKey(change)) ?? []), {
        create: (value, ttlSeconds) => this.create(zone, change, value, ttlSeconds, signal),
        update: async (record, value, ttlSeconds) => this.client.update(zone.id, record.native, toFields(change, value, ttlSeconds, zone.apex), signal),
        delete: (record) => this.client.delete(zone.id, record.native, signal),
      });
    }, signal);
  }

  /** The TTL of a create was once ignored (DNSControl always sends an update after it), so the answer is looked at. */
  private async create(zone: Zone, change: Change, value: RecordValue, ttlSeconds: number, signal: AbortSignal): Promise<void> {
    const fields = toFields(change, value, ttlSeconds, zone.apex);
    const made = await this.client.create(zone.id, change.type, fields, signal);
    if (made.ttl_sec === ttlSeconds) return;
    try {
      await this.client.update(zone.id, made.id, fields, signal);
    } catch (error) {
      if (!isConnectError(error)) throw error;
      throw new ProviderError('outcome_unknown', { detail: `the record was created with another TTL, then ${error.code}`, retryAfterMs: error.retryAfterMs });
    }
  }

  /** The zone that the caller named, by its number or its name. */
  private async named(zone: string, signal: AbortSignal): Promise<DomainAnswer[]> {
    if (!/^\d+$/.test(zone)) return this.client.domains([displayName(ownerName(zone))], signal);
    return [await this.client.domain(zone, signal)].filter((each) => each !== null);
  }
}

/** Records of a domain that is not active are stored and not served. */
function whyNotWritable({ type, status }: DomainAnswer): string | null {
  if (type !== 'master') return `the domain is of the type ${type}: it is copied from another server`;
  return status === 'active' ? null : `the domain is in the status ${status}: its records are not served`;
}

function toZone({ id, domain }: DomainAnswer): Zone {
  return { id: String(id), apex: ownerName(domain) };
}
