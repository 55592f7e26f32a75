import { z } from 'zod';
import { displayName, ownerName, recordValue, type Change, type OwnerName, type RecordSet } from '@connect/domain';
import { credentialFinding, findZoneByName, fitting, unexpected, zoneReading } from '../../base/index.js';
import type { ChangeOutcome, CredentialFinding, HttpAnswer, HttpRequest, ProviderAdapter, ProviderPorts, Zone, ZoneReading, ZoneSearch } from '../../spi/index.js';

const api = 'https://api.reference.example/v1';

/** Names come absolute and without a final dot; everything else is in presentation form. */
const ZonesAnswer = z.object({ zones: z.array(z.object({ id: z.string(), name: z.string() })) });
const SetsAnswer = z.object({ sets: z.array(z.object({ name: z.string(), type: z.string(), ttl: z.int(), values: z.array(z.string()) })), next: z.string().nullable() });

/** The shortest correct adapter: diff, portions, limits and retries are the base's, so only the provider's own words are left. */
export class ReferenceAdapter implements ProviderAdapter<null> {
  constructor(private readonly token: string, private readonly ports: Pick<ProviderPorts, 'http' | 'clock'>) {}

  async checkCredential(zone: string | null, signal: AbortSignal): Promise<CredentialFinding> {
    return credentialFinding(async () => {
      const zones = await this.zones(zone === null ? '' : `?name=${encodeURIComponent(displayName(ownerName(zone)))}`, signal);
      return { code: zone !== null && zones.length === 0 ? 'zone_not_found' : null, detail: null, zones, zonesComplete: zone === null, may: ['list_zones', 'read_records', 'write_records'] };
    });
  }

  async findZone(search: ZoneSearch, signal: AbortSignal): Promise<Zone> {
    return findZoneByName(search, async (name) => (await this.zones(`?name=${encodeURIComponent(displayName(name))}`, signal))[0] ?? null);
  }

  async getRecordSets(zone: Zone, names: readonly OwnerName[] | 'all', signal: AbortSignal): Promise<ZoneReading<null>> {
    const sets: RecordSet[] = [];
    for (let next: string | null = `${api}/zones/${zone.id}/record-sets`; next !== null; ) {
      const page: z.infer<typeof SetsAnswer> = fitting(SetsAnswer, (await this.call({ method: 'GET', url: next }, signal)).json());
      sets.push(...page.sets.map(({ name, type, ttl, values }) => ({ ownerName: ownerName(name), type, ttlSeconds: ttl, values: values.map((value) => recordValue(type, value)) })));
      next = page.next;
    }
    return zoneReading(names, sets, null, { whole: true });
  }

  async applyChanges(zone: Zone, changes: readonly Change[], _reading: ZoneReading<null>, signal: AbortSignal): Promise<ChangeOutcome[]> {
    const body = { changes: changes.map(({ ownerName: name, type, before, after }) => ({ name: displayName(name), type, before: toApi(before), after: toApi(after) })) };
    await this.call({ method: 'PATCH', url: `${api}/zones/${zone.id}/record-sets`, body }, signal);
    return changes.map((change) => ({ change, status: 'applied', code: null, detail: null }));
  }

  private async zones(query: string, signal: AbortSignal): Promise<Zone[]> {
    const { zones } = fitting(ZonesAnswer, (await this.call({ method: 'GET', url: `${api}/zones${query}` }, signal)).json());
    return zones.map(({ id, name }) => ({ id, apex: ownerName(name) }));
  }

  private async call(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const answer = await this.ports.http.request({ ...request, headers: { authorization: `Bearer ${this.token}` } }, signal);
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw unexpected(answer, { write: request.method !== 'GET', now: this.ports.clock.now() });
  }

}

function toApi(set: RecordSet | null): { ttl: number; values: string[] } | null {
  return set === null ? null : { ttl: set.ttlSeconds, values: set.values };
}
