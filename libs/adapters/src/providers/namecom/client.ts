import type { z } from 'zod';
import { ProviderError, displayName, type OwnerName } from '@connect/domain';
import { fitting } from '../../base/index.js';
import type { HttpAnswer, HttpMethod, ProviderPorts } from '../../spi/index.js';
import type { RecordBody } from './convert.js';
import type { NamecomLogin } from './credential.js';
import { errorOf, isUnknownPath } from './errors.js';
import { DomainAnswer, DomainPage, RecordPage, Written, type RecordAnswer } from './schema.js';

/** Two APIs over one store: core v1, and v4 from before it. */
export type Family = 'core/v1' | 'v4';
type Page = { totalCount?: number | null | undefined; nextPage?: number | null | undefined };
/** The largest page. */
const perPage = 1_000;

/** One method per endpoint of https://docs.name.com; v4 has the same ones. */
export class NamecomClient {
  constructor(private readonly login: NamecomLogin, private readonly ports: Pick<ProviderPorts, 'http' | 'clock'>, private readonly family: Family) {}

  /** https://docs.name.com/docs/api-reference/domains/list-domains */
  async domains(signal: AbortSignal): Promise<DomainAnswer[]> {
    return this.pages('/domains', (answer) => {
      const page = this.read(answer, DomainPage, { account: true });
      return { ...page, items: page.domains };
    }, signal);
  }

  /** https://docs.name.com/docs/api-reference/domains/get-domain */
  async domain(name: OwnerName, signal: AbortSignal): Promise<DomainAnswer> {
    return this.read(await this.send('GET', `/domains/${inUrl(name)}`, signal), DomainAnswer);
  }

  /** https://docs.name.com/docs/api-reference/dns/list-records */
  async records(zone: OwnerName, signal: AbortSignal): Promise<RecordAnswer[]> {
    return this.pages(`/domains/${inUrl(zone)}/records`, (answer) => {
      const page = this.read(answer, RecordPage);
      return { ...page, items: page.records };
    }, signal);
  }

  /** https://docs.name.com/docs/api-reference/dns/create-record: 200, and 400 for what is there already. */
  async create(zone: OwnerName, body: RecordBody, signal: AbortSignal): Promise<void> {
    this.read(await this.send('POST', `/domains/${inUrl(zone)}/records`, signal, body), Written, { write: true });
  }

  /** https://docs.name.com/docs/api-reference/dns/update-record: overwrites every field. */
  async update(zone: OwnerName, id: number, body: RecordBody, signal: AbortSignal): Promise<void> {
    const answer = await this.send('PUT', `/domains/${inUrl(zone)}/records/${id}`, signal, body);
    if (answer.status === 404) throw new ProviderError('zone_changed', { detail: 'the record is gone' });
    this.read(answer, Written, { write: true });
  }

  /** https://docs.name.com/docs/api-reference/dns/delete-record: 204, in v4 200 with `{}`; a record that is gone is as good as deleted. */
  async delete(zone: OwnerName, id: number, signal: AbortSignal): Promise<void> {
    const answer = await this.send('DELETE', `/domains/${inUrl(zone)}/records/${id}`, signal);
    if (![200, 204, 404].includes(answer.status)) throw this.refusal(answer, { write: true });
  }

  /** Every page, and as many items as the answers count: a list with a hole in it would look like a zone with fewer records. */
  private async pages<Item>(path: string, read: (answer: HttpAnswer) => Page & { items: Item[] }, signal: AbortSignal): Promise<Item[]> {
    const found: Item[] = [];
    for (let page = 1; ; page++) {
      const { items, totalCount, nextPage } = read(await this.send('GET', `${path}?perPage=${perPage}&page=${page}`, signal));
      found.push(...items);
      const isLast = nextPage === null || nextPage === undefined || nextPage === 0;
      if (isLast && typeof totalCount === 'number' && totalCount !== found.length) throw new ProviderError('provider_unavailable', { detail: 'the list changed while it was read' });
      if (isLast) return found;
      // Their own client for v4 dropped the page from its calls, and went round for ever.
      if (nextPage !== page + 1 || items.length === 0) throw new ProviderError('provider_protocol', { detail: 'the pages of the list do not go on' });
    }
  }

  /** Answers of v4 were labelled text/html, so the body alone decides. */
  private read<Schema extends z.ZodType>(answer: HttpAnswer, schema: Schema, options: { write?: boolean; account?: boolean } = {}): z.output<Schema> {
    if (answer.status !== 200) throw this.refusal(answer, options);
    return fitting(schema, answer.json());
  }

  private refusal(answer: HttpAnswer, { write = false, account = false }: { write?: boolean; account?: boolean }): ProviderError {
    if (this.family === 'core/v1' && isUnknownPath(answer)) return new ProviderError('unsupported', { detail: 'core v1 is not served' });
    return errorOf(answer, { write, account, now: this.ports.clock.now() });
  }

  private send(method: HttpMethod, path: string, signal: AbortSignal, body?: unknown): Promise<HttpAnswer> {
    const { user, token, isTest } = this.login;
    const authorization = `Basic ${Buffer.from(`${user}:${token}`, 'utf8').toString('base64')}`;
    return this.ports.http.request({ method, url: `https://${isTest ? 'api.dev.name.com' : 'api.name.com'}/${this.family}${path}`, headers: { authorization }, body }, signal);
  }
}

function inUrl(name: OwnerName): string {
  return encodeURIComponent(displayName(name));
}
