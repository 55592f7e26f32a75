import type { z } from 'zod';
import { ProviderError } from '@connect/domain';
import { fitting } from '../../base/index.js';
import type { HttpAnswer, HttpMethod, ProviderPorts } from '../../spi/index.js';
import type { Step } from './convert.js';
import { errorOf, errorOfAction } from './errors.js';
import { ActionAnswer, OneAction, OneZone, RrsetAnswer, RrsetsPage, ServersPage, ZoneAnswer, ZonesPage } from './schema.js';

const api = 'https://api.hetzner.cloud/v1';
/** Recorded actions took 1.5 to 3 seconds (dns-lexicon, 2026-01). After half a minute it is left to a later look. */
const pausesMs = [500, 1_000, 1_000, 1_000, 2_000, 2_000, 4_000, 4_000, 8_000, 8_000];

/** One method per endpoint of https://docs.hetzner.cloud/reference/cloud#zones. */
export class HetznerClient {
  constructor(private readonly token: string, private readonly ports: Pick<ProviderPorts, 'http' | 'clock' | 'pause'>) {}

  /** https://docs.hetzner.cloud/reference/cloud#zones-list-zones; 50 a page at most. */
  async zones(signal: AbortSignal): Promise<ZoneAnswer[]> {
    return this.pages('/zones?per_page=50', ZonesPage, ({ zones }) => zones, ({ id }) => `${id}`, signal);
  }

  /** https://docs.hetzner.cloud/reference/cloud#zones-get-a-zone, by id or name. */
  async zone(idOrName: string, signal: AbortSignal): Promise<ZoneAnswer> {
    return (await this.call('GET', `/zones/${encodeURIComponent(idOrName)}`, 200, OneZone, signal)).zone;
  }

  /** https://docs.hetzner.cloud/reference/cloud#zone-rrsets-list-rrsets; 100 a page at most, `name` is exact. */
  async rrsets(zoneId: string, name: string | null, signal: AbortSignal): Promise<RrsetAnswer[]> {
    const filter = name === null ? '' : `&name=${encodeURIComponent(name)}`;
    return this.pages(`/zones/${zoneId}/rrsets?per_page=100${filter}`, RrsetsPage, ({ rrsets }) => rrsets, (rrset) => `${rrset.name}/${rrset.type}`, signal);
  }

  /** https://docs.hetzner.cloud/reference/cloud#servers-list-servers; how many there are, to say how wide the token is. */
  async serverCount(signal: AbortSignal): Promise<number> {
    return (await this.call('GET', '/servers?per_page=1', 200, ServersPage, signal)).meta.pagination.total_entries ?? 0;
  }

  /**
   * https://docs.hetzner.cloud/reference/cloud#zone-rrsets-create-an-rrset and #zone-rrset-actions. The answer 201 only says that the change is
   * taken on; this returns when it is done. What is to be removed and is not there is as good as removed.
   */
  async carryOut(zoneId: string, name: string, type: string, { call, body }: Step, signal: AbortSignal): Promise<void> {
    const rrsets = `/zones/${zoneId}/rrsets`;
    const path = call === 'create' ? rrsets : `${rrsets}/${encodeURIComponent(name)}/${type}/actions/${call}`;
    try {
      await this.done((await this.call('POST', path, 201, OneAction, signal, body)).action, signal);
    } catch (error) {
      if (!(error instanceof ProviderError) || error.code !== 'zone_not_found' || call === 'create') throw error;
      if (call === 'remove_records') return;
      throw new ProviderError('zone_changed', { detail: 'the record set is no longer there' });
    }
  }

  /** https://docs.hetzner.cloud/reference/cloud#actions-get-an-action. Whatever goes wrong on the way: the change may be done by now. */
  private async done(action: ActionAnswer, signal: AbortSignal): Promise<void> {
    let current = action;
    for (const pauseMs of pausesMs) {
      if (current.status !== 'running') break;
      await this.ports.pause(pauseMs, signal);
      current = await this.call('GET', `/actions/${action.id}`, 200, OneAction, signal).then(
        (answer) => answer.action,
        (error: unknown) => {
          if (!(error instanceof ProviderError)) throw error;
          throw new ProviderError('outcome_unknown', { detail: `the change was taken on, then ${error.code}`, retryAfterMs: error.retryAfterMs });
        },
      );
    }
    if (current.status === 'running') throw new ProviderError('outcome_unknown', { detail: 'the change was taken on and is still under way' });
    if (current.status === 'error') throw errorOfAction(current.error?.code);
  }

  /** Every page, checked against the count: a list with a hole in it would look like a zone with fewer records. */
  private async pages<Schema extends z.ZodType<{ meta: { pagination: { next_page: number | null; total_entries: number | null } } }>, Item>(path: string, schema: Schema, itemsOf: (page: z.infer<Schema>) => Item[], keyOf: (item: Item) => string, signal: AbortSignal): Promise<Item[]> {
    const items = new Map<string, Item>();
    for (let page: number | null = 1; page !== null; ) {
      const answer: z.infer<Schema> = await this.call('GET', `${path}&page=${page}`, 200, schema, signal);
      for (const item of itemsOf(answer)) items.set(keyOf(item), item);
      const { next_page: next, total_entries: total }: { next_page: number | null; total_entries: number | null } = answer.meta.pagination;
      if (next === null && total !== null && items.size < total) throw new ProviderError('provider_unavailable', { detail: 'the list changed while it was read' });
      if (next !== null && next <= page) throw new ProviderError('provider_protocol', { detail: 'the pages go in a circle' });
      page = next;
    }
    return [...items.values()];
  }

  private async call<Schema extends z.ZodType>(method: HttpMethod, path: string, good: number, schema: Schema, signal: AbortSignal, body?: unknown): Promise<z.infer<Schema>> {
    const answer: HttpAnswer = await this.ports.http.request({ method, url: `${api}${path}`, headers: { authorization: `Bearer ${this.token}` }, body }, signal);
    if (answer.status !== good) throw errorOf(answer, { write: method !== 'GET', now: this.ports.clock.now() });
    return fitting(schema, answer.json());
  }
}
