import type { z } from 'zod';
import { ProviderError, displayName, relativeName, type OwnerName } from '@connect/domain';
import { fitting } from '../../base/index.js';
import type { HttpAnswer, HttpMethod, ProviderPorts } from '../../spi/index.js';
import type { RecordFields } from './convert.js';
import { errorOf, isDuplicate } from './errors.js';
import { AccountsEnvelope, IdentityEnvelope, RecordEnvelope, RecordPage, ZoneEnvelope, ZonePage, type AccountAnswer, type Identity, type RecordAnswer, type ZoneAnswer } from './schema.js';

const api = 'https://api.dnsimple.com/v2';
/** The largest page; without asking it is 30, and records beyond are not seen (rancher/rancher 7881). */
const perPage = 100;

/** A zone's place: each path begins with the account. */
export type Place = { account: string; apex: OwnerName };
export type NewRecord = RecordFields & { name: string; type: string; ttl: number };

/** One method per endpoint of https://developer.dnsimple.com/v2/. */
export class DnsimpleClient {
  constructor(private readonly token: string, private readonly ports: Pick<ProviderPorts, 'http' | 'clock'>) {}

  /** https://developer.dnsimple.com/v2/identity/#whoami: whose token this is. */
  async whoami(signal: AbortSignal): Promise<Identity> {
    return this.read(await this.send('GET', '/whoami', signal), 200, IdentityEnvelope).data;
  }

  /** https://developer.dnsimple.com/v2/accounts/#listAccounts: of a person; not in pages. */
  async accounts(signal: AbortSignal): Promise<AccountAnswer[]> {
    return this.read(await this.send('GET', '/accounts', signal), 200, AccountsEnvelope).data;
  }

  /** https://developer.dnsimple.com/v2/zones/#getZone; `null`: the account has no such zone, or the token does not show the account. */
  async zone({ account, apex }: Place, signal: AbortSignal): Promise<ZoneAnswer | null> {
    const answer = await this.send('GET', pathOf({ account, apex }), signal);
    return answer.status === 404 ? null : this.read(answer, 200, ZoneEnvelope).data;
  }

  /** https://developer.dnsimple.com/v2/zones/#listZones */
  async zones(account: string, signal: AbortSignal): Promise<ZoneAnswer[]> {
    return this.pages(`/${encodeURIComponent(account)}/zones?`, (answer) => this.read(answer, 200, ZonePage), signal);
  }

  /** https://developer.dnsimple.com/v2/zones/#listZones: how many zones of the account the token shows. */
  async zoneCount(account: string, signal: AbortSignal): Promise<number> {
    return this.read(await this.send('GET', `/${encodeURIComponent(account)}/zones?per_page=1&page=1`, signal), 200, ZonePage).pagination.total_entries;
  }

  /** https://developer.dnsimple.com/v2/zones/records/#listZoneRecords; `name` filters by the exact relative name, and whether an empty one filters is not documented. */
  async records(place: Place, name: OwnerName | null, signal: AbortSignal): Promise<RecordAnswer[]> {
    const filter = name === null || name === place.apex ? '' : `name=${encodeURIComponent(relativeName(name, place.apex))}&`;
    return this.pages(`${pathOf(place)}/records?${filter}`, (answer) => this.read(answer, 200, RecordPage), signal);
  }

  /** https://developer.dnsimple.com/v2/zones/records/#createZoneRecord; `false`: they say that it is there already. */
  async create(place: Place, record: NewRecord, signal: AbortSignal): Promise<boolean> {
    const answer = await this.send('POST', `${pathOf(place)}/records`, signal, record);
    if (isDuplicate(answer)) return false;
    this.read(answer, 201, RecordEnvelope, true);
    return true;
  }

  /** https://developer.dnsimple.com/v2/zones/records/#updateZoneRecord: what is left out stays. */
  async update(place: Place, id: number, fields: Partial<RecordFields> & { ttl: number }, signal: AbortSignal): Promise<void> {
    const answer = await this.send('PATCH', `${pathOf(place)}/records/${id}`, signal, fields);
    if (answer.status === 404) throw new ProviderError('zone_changed', { detail: 'the record is gone' });
    this.read(answer, 200, RecordEnvelope, true);
  }

  /** https://developer.dnsimple.com/v2/zones/records/#deleteZoneRecord; a record that is gone is as good as deleted. */
  async delete(place: Place, id: number, signal: AbortSignal, safe = false): Promise<void> {
    const answer = await this.send('DELETE', `${pathOf(place)}/records/${id}`, signal, undefined, safe);
    if (answer.status !== 204 && answer.status !== 404) throw errorOf(answer, { write: !safe, now: this.ports.clock.now() });
  }

  /** Every page, and as many items as the answers count, all alike: a list with a hole in it would look like a zone with fewer records. */
  private async pages<Item>(path: string, read: (answer: HttpAnswer) => { data: Item[]; pagination: { total_entries: number; total_pages: number } }, signal: AbortSignal): Promise<Item[]> {
    const found: Item[] = [];
    let total: number | null = null;
    for (let page = 1; ; page++) {
      const { data, pagination } = read(await this.send('GET', `${path}per_page=${perPage}&page=${page}`, signal));
      found.push(...data);
      total ??= pagination.total_entries;
      const isLast = page >= pagination.total_pages || data.length === 0;
      if (pagination.total_entries !== total || (isLast && found.length !== total)) throw new ProviderError('provider_unavailable', { detail: 'the list changed while it was read' });
      if (isLast) return found;
    }
  }

  private read<Schema extends z.ZodType>(answer: HttpAnswer, status: number, schema: Schema, write = false): z.output<Schema> {
    if (answer.status !== status) throw errorOf(answer, { write, now: this.ports.clock.now() });
    return fitting(schema, answer.json());
  }

  private send(method: HttpMethod, path: string, signal: AbortSignal, body?: unknown, safe = method === 'GET'): Promise<HttpAnswer> {
    return this.ports.http.request({ method, url: `${api}${path}`, headers: { authorization: `Bearer ${this.token}`, accept: 'application/json' }, body, safe }, signal);
  }
}

function pathOf({ account, apex }: Place): string {
  return `/${encodeURIComponent(account)}/zones/${encodeURIComponent(displayName(apex))}`;
}
