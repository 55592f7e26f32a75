import type { z } from 'zod';
import { ProviderError, type OwnerName } from '@connect/domain';
import { fitting } from '../../base/index.js';
import type { HttpAnswer, HttpMethod, ProviderPorts } from '../../spi/index.js';
import { inUrl, type RecordBody } from './convert.js';
import { errorOf } from './errors.js';
import { DomainEnvelope, DomainPage, RecordEnvelope, RecordPage, type DomainAnswer, type RecordAnswer } from './schema.js';

const api = 'https://api.digitalocean.com/v2';
/** The largest page; without asking it is 20, and small zones are cut off already. */
const perPage = 200;

/** One method per endpoint of https://docs.digitalocean.com/reference/api/digitalocean/. */
export class DigitaloceanClient {
  constructor(private readonly token: string, private readonly ports: Pick<ProviderPorts, 'http' | 'clock'>) {}

  /** https://docs.digitalocean.com/reference/api/digitalocean/#operation/domains_get; `null`: the account has no such domain. */
  async domain(name: OwnerName, signal: AbortSignal): Promise<DomainAnswer | null> {
    const answer = await this.send('GET', `/domains/${inUrl(name)}`, signal);
    return answer.status === 404 ? null : this.read(answer, 200, DomainEnvelope).domain;
  }

  /** https://docs.digitalocean.com/reference/api/digitalocean/#operation/domains_list */
  async domains(signal: AbortSignal): Promise<DomainAnswer[]> {
    return this.pages('/domains?', async (answer) => {
      const page = this.read(await answer, 200, DomainPage);
      return { ...page, items: page.domains };
    }, signal);
  }

  /** https://docs.digitalocean.com/reference/api/digitalocean/#operation/domains_list_records; the `name` filter is fully qualified, the answers are not. */
  async records(zone: OwnerName, name: OwnerName | null, signal: AbortSignal): Promise<RecordAnswer[]> {
    return this.pages(`/domains/${inUrl(zone)}/records?${name === null ? '' : `name=${inUrl(name)}&`}`, async (answer) => {
      const page = this.read(await answer, 200, RecordPage);
      return { ...page, items: page.domain_records };
    }, signal);
  }

  /** https://docs.digitalocean.com/reference/api/digitalocean/#operation/domains_create_record; a copy of what is there is created all the same. */
  async create(zone: OwnerName, body: RecordBody, signal: AbortSignal): Promise<void> {
    this.read(await this.send('POST', `/domains/${inUrl(zone)}/records`, signal, body), 201, RecordEnvelope, true);
  }

  /** https://docs.digitalocean.com/reference/api/digitalocean/#operation/domains_update_record; without `data` it is refused. */
  async update(zone: OwnerName, id: number, body: RecordBody, signal: AbortSignal): Promise<void> {
    const answer = await this.send('PUT', `/domains/${inUrl(zone)}/records/${id}`, signal, body);
    if (answer.status === 404) throw new ProviderError('zone_changed', { detail: 'the record is gone' });
    this.read(answer, 200, RecordEnvelope, true);
  }

  /** https://docs.digitalocean.com/reference/api/digitalocean/#operation/domains_delete_record; a record that is gone is as good as deleted. */
  async delete(zone: OwnerName, id: number, signal: AbortSignal, safe = false): Promise<void> {
    const answer = await this.send('DELETE', `/domains/${inUrl(zone)}/records/${id}`, signal, undefined, safe);
    if (answer.status !== 204 && answer.status !== 404) throw errorOf(answer, { write: !safe, now: this.ports.clock.now() });
  }

  /** https://docs.digitalocean.com/reference/api/digitalocean/#operation/account_get: open to a token that may more than DNS. */
  async mayReadAccount(signal: AbortSignal): Promise<boolean> {
    return (await this.send('GET', '/account', signal)).status === 200;
  }

  /** Every page, and as many items as the answers count, all alike: a list with a hole in it would look like a zone with fewer records. */
  private async pages<Item>(path: string, read: (answer: Promise<HttpAnswer>) => Promise<{ items: Item[]; links?: { pages?: { next?: string | undefined } | undefined } | undefined; meta: { total: number } }>, signal: AbortSignal): Promise<Item[]> {
    const found: Item[] = [];
    let total: number | null = null;
    for (let page = 1; ; page++) {
      const { items, links, meta } = await read(this.send('GET', `${path}per_page=${perPage}&page=${page}`, signal));
      found.push(...items);
      total ??= meta.total;
      const isLast = links?.pages?.next === undefined || items.length === 0;
      // Pages are counted from the start: a record deleted on an earlier page moves another one past us.
      if (meta.total !== total || (isLast && found.length !== total)) throw new ProviderError('provider_unavailable', { detail: 'the list changed while it was read' });
      if (isLast) return found;
    }
  }

  private read<Schema extends z.ZodType>(answer: HttpAnswer, status: number, schema: Schema, write = false): z.output<Schema> {
    if (answer.status !== status) throw errorOf(answer, { write, now: this.ports.clock.now() });
    return fitting(schema, answer.json());
  }

  private send(method: HttpMethod, path: string, signal: AbortSignal, body?: unknown, safe = method === 'GET'): Promise<HttpAnswer> {
    return this.ports.http.request({ method, url: `${api}${path}`, headers: { authorization: `Bearer ${this.token}` }, body, safe }, signal);
  }
}
