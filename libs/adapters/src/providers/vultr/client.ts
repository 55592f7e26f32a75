import type { z } from 'zod';
import { ProviderError, displayName, type OwnerName, type RecordType } from '@connect/domain';
import { fitting } from '../../base/index.js';
import type { HttpAnswer, HttpMethod, ProviderPorts } from '../../spi/index.js';
import type { RecordFields } from './convert.js';
import { errorOf, isUnknownDomain } from './errors.js';
import { AccountEnvelope, DomainEnvelope, DomainPage, RecordEnvelope, RecordPage, type DomainAnswer, type RecordAnswer } from './schema.js';

const api = 'https://api.vultr.com/v2';
/** The largest page that clients use; without asking it is 100. */
const perPage = 500;

/** One method per endpoint of https://www.vultr.com/api/#tag/dns. */
export class VultrClient {
  constructor(private readonly key: string, private readonly ports: Pick<ProviderPorts, 'http' | 'clock'>) {}

  /** https://www.vultr.com/api/#operation/get-account: what the user of the key may; `null`: it may not see that. */
  async permissions(signal: AbortSignal): Promise<string[] | null> {
    const answer = await this.send('GET', '/account', signal);
    return answer.status === 403 ? null : (this.read(answer, 200, AccountEnvelope).account.acls ?? null);
  }

  /** https://www.vultr.com/api/#operation/get-dns-domain; `null`: the account has no such domain. */
  async domain(name: OwnerName, signal: AbortSignal): Promise<DomainAnswer | null> {
    const answer = await this.send('GET', `/domains/${inUrl(name)}`, signal);
    return isUnknownDomain(answer) ? null : this.read(answer, 200, DomainEnvelope).domain;
  }

  /** https://www.vultr.com/api/#operation/list-dns-domains */
  async domains(signal: AbortSignal): Promise<DomainAnswer[]> {
    return this.pages('/domains', (answer) => {
      const { domains, meta } = this.read(answer, 200, DomainPage);
      return { items: domains, meta };
    }, signal);
  }

  /** https://www.vultr.com/api/#operation/list-dns-domain-records */
  async records(zone: OwnerName, signal: AbortSignal): Promise<RecordAnswer[]> {
    return this.pages(`/domains/${inUrl(zone)}/records`, (answer) => {
      const { records, meta } = this.read(answer, 200, RecordPage);
      return { items: records, meta };
    }, signal);
  }

  /** https://www.vultr.com/api/#operation/create-dns-domain-record; refused where the set has another TTL. */
  async create(zone: OwnerName, type: RecordType, fields: RecordFields, signal: AbortSignal): Promise<void> {
    this.read(await this.send('POST', `/domains/${inUrl(zone)}/records`, signal, { type, ...fields }), 201, RecordEnvelope, true);
  }

  /** https://www.vultr.com/api/#operation/update-dns-domain-record; refused where the set would get two TTLs. */
  async update(zone: OwnerName, id: string, fields: RecordFields, signal: AbortSignal): Promise<void> {
    const answer = await this.send('PATCH', `/domains/${inUrl(zone)}/records/${encodeURIComponent(id)}`, signal, fields);
    if (answer.status === 404) throw new ProviderError('zone_changed', { detail: 'the record is gone' });
    if (answer.status !== 204) throw errorOf(answer, { write: true, now: this.ports.clock.now() });
  }

  /** https://www.vultr.com/api/#operation/delete-dns-domain-record; a record that is gone is as good as deleted. */
  async delete(zone: OwnerName, id: string, signal: AbortSignal): Promise<void> {
    const answer = await this.send('DELETE', `/domains/${inUrl(zone)}/records/${encodeURIComponent(id)}`, signal);
    if (answer.status !== 204 && answer.status !== 404) throw errorOf(answer, { write: true, now: this.ports.clock.now() });
  }

  /** Every page, and as many items as the answers count, all alike: a list with a hole in it would look like a zone with fewer records. */
  private async pages<Item>(path: string, read: (answer: HttpAnswer) => { items: Item[]; meta: { total: number; links: { next: string } } }, signal: AbortSignal): Promise<Item[]> {
    const found: Item[] = [];
    const seen = new Set<string>();
    let total: number | null = null;
    for (let cursor = ''; ; ) {
      const { items, meta } = read(await this.send('GET', `${path}?per_page=${perPage}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`, signal));
      found.push(...items);
      total ??= meta.total;
      cursor = meta.links.next;
      if (meta.total !== total || (cursor === '' && found.length !== total)) throw new ProviderError('provider_unavailable', { detail: 'the list changed while it was read' });
      if (cursor === '') return found;
      if (seen.has(cursor)) throw new ProviderError('provider_protocol', { detail: 'the pages of the list go round in a circle' });
      seen.add(cursor);
    }
  }

  private read<Schema extends z.ZodType>(answer: HttpAnswer, status: number, schema: Schema, write = false): z.output<Schema> {
    if (answer.status !== status) throw errorOf(answer, { write, now: this.ports.clock.now() });
    return fitting(schema, answer.json());
  }

  private send(method: HttpMethod, path: string, signal: AbortSignal, body?: unknown): Promise<HttpAnswer> {
    return this.ports.http.request({ method, url: `${api}${path}`, headers: { authorization: `Bearer ${this.key}` }, body, safe: method === 'GET' }, signal);
  }
}

function inUrl(name: OwnerName): string {
  return encodeURIComponent(displayName(name));
}
