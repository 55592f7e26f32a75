import type { z } from 'zod';
import { ProviderError, displayName, type OwnerName } from '@connect/domain';
import { fitting } from '../../base/index.js';
import type { HttpAnswer, HttpMethod, ProviderPorts } from '../../spi/index.js';
import type { BatchBody } from './convert.js';
import { errorOf } from './errors.js';
import { BatchAnswer, RecordAnswer, TokenAnswer, ZoneAnswer, pageOf, resultOf } from './schema.js';

const api = 'https://api.cloudflare.com/client/v4';
/** The documented maximum of `/zones`. */
const zonesPerPage = 50;
/** The schema allows millions; an answer stays below our size limit with these. A server that gives fewer is followed, too. */
const recordsPerPage = 5_000;

/** One method per endpoint of https://developers.cloudflare.com/api/. */
export class CloudflareClient {
  constructor(private readonly token: string, private readonly ports: Pick<ProviderPorts, 'http' | 'clock'>) {}

  /**
   * https://developers.cloudflare.com/api/resources/zones/methods/list/. `at`: the zone of exactly this name; `below`: all zones whose names end
   * with it, in one call (filter operators: same page). At most `maxPages` pages.
   */
  async zones(filter: { at: OwnerName } | { below: OwnerName } | null, signal: AbortSignal, maxPages = 20): Promise<{ zones: ZoneAnswer[]; complete: boolean }> {
    const name = filter === null ? '' : `&name=${encodeURIComponent('at' in filter ? displayName(filter.at) : `ends_with:${displayName(filter.below)}`)}`;
    return this.pages(`/zones?per_page=${zonesPerPage}${name}`, ZoneAnswer, signal, maxPages).then(({ items, complete }) => ({ zones: items, complete }));
  }

  /** https://developers.cloudflare.com/api/resources/zones/methods/get/ */
  async zone(zoneId: string, signal: AbortSignal): Promise<ZoneAnswer> {
    return (await this.call('GET', `/zones/${zoneId}`, resultOf(ZoneAnswer), signal)).result;
  }

  /** https://developers.cloudflare.com/api/resources/dns/subresources/records/methods/list/; `name` is exact. */
  async records(zoneId: string, name: OwnerName | null, signal: AbortSignal): Promise<RecordAnswer[]> {
    const filter = name === null ? '' : `&name=${encodeURIComponent(displayName(name))}`;
    const { items } = await this.pages(`/zones/${zoneId}/dns_records?per_page=${recordsPerPage}${filter}`, RecordAnswer, signal, Number.POSITIVE_INFINITY);
    return items;
  }

  /** https://developers.cloudflare.com/api/resources/dns/subresources/records/methods/batch/; one transaction: deletes, patches, puts, posts. */
  async batch(zoneId: string, body: BatchBody, signal: AbortSignal): Promise<void> {
    await this.call('POST', `/zones/${zoneId}/dns_records/batch`, resultOf(BatchAnswer), signal, body);
  }

  /** https://developers.cloudflare.com/api/resources/user/subresources/tokens/methods/verify/; only for tokens of a user. */
  async verifyUserToken(signal: AbortSignal): Promise<TokenAnswer> {
    return (await this.call('GET', '/user/tokens/verify', resultOf(TokenAnswer), signal)).result;
  }

  /** https://developers.cloudflare.com/api/resources/accounts/subresources/tokens/methods/verify/; only for tokens of that account. */
  async verifyAccountToken(accountId: string, signal: AbortSignal): Promise<TokenAnswer> {
    return (await this.call('GET', `/accounts/${encodeURIComponent(accountId)}/tokens/verify`, resultOf(TokenAnswer), signal)).result;
  }

  /** Every page, checked against what the answers say of themselves: a list with a hole in it would look like a zone with fewer records. */
  private async pages<Item extends z.ZodType<{ id: string }>>(path: string, item: Item, signal: AbortSignal, maxPages: number): Promise<{ items: z.infer<Item>[]; complete: boolean }> {
    const items = new Map<string, z.infer<Item>>();
    for (let page = 1; ; page++) {
      const { result, result_info: info } = await this.call('GET', `${path}&page=${page}`, pageOf(item), signal);
      if (result.length !== info.count || info.page !== page) throw new ProviderError('provider_protocol', { detail: 'a page does not hold what it says' });
      for (const each of result) items.set(each.id, each);
      if (items.size >= info.total_count) return { items: [...items.values()], complete: true };
      // The end of the list, and fewer items than it counts: it moved between two pages.
      if (result.length === 0 || page >= (info.total_pages ?? Number.POSITIVE_INFINITY)) throw new ProviderError('provider_unavailable', { detail: 'the list changed while it was read' });
      if (page >= maxPages) return { items: [...items.values()], complete: false };
    }
  }

  private async call<Schema extends z.ZodType>(method: HttpMethod, path: string, schema: Schema, signal: AbortSignal, body?: unknown): Promise<z.infer<Schema>> {
    const answer: HttpAnswer = await this.ports.http.request({ method, url: `${api}${path}`, headers: { authorization: `Bearer ${this.token}` }, body }, signal);
    if (answer.status !== 200) throw errorOf(answer, { write: method !== 'GET', now: this.ports.clock.now() });
    return fitting(schema, answer.json());
  }
}
