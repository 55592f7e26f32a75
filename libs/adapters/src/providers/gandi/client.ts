import { z } from 'zod';
import { ProviderError, type OwnerName } from '@connect/domain';
import { fitting } from '../../base/index.js';
import type { HttpAnswer, HttpMethod, ProviderPorts } from '../../spi/index.js';
import { pathOf, type RrsetBody } from './convert.js';
import type { GandiCredential, GandiScheme } from './credential.js';
import { errorOf, isMissingSet } from './errors.js';
import { DomainAnswer, RrsetAnswer, TokenAnswer } from './schema.js';

const api = 'https://api.gandi.net/v5/livedns';
const tokenInfo = 'https://id.gandi.net/tokeninfo';
const perPage = 100;

/** One method per endpoint of https://api.gandi.net/docs/livedns/. */
export class GandiClient {
  private scheme: GandiScheme;
  private isSchemeSure = false;

  constructor(private readonly credential: GandiCredential, private readonly ports: Pick<ProviderPorts, 'http' | 'clock'>) {
    this.scheme = credential.scheme;
  }

  /** Is it an API key of the old kind? Known after the first call. */
  get usesApiKey(): boolean {
    return this.scheme === 'Apikey';
  }

  /** https://api.gandi.net/docs/livedns/#get-v5-livedns-domains */
  async domains(signal: AbortSignal, maxPages: number): Promise<{ domains: DomainAnswer[]; complete: boolean }> {
    const { items, complete } = await this.pages('/domains', DomainAnswer, ({ fqdn }) => fqdn, signal, maxPages);
    return { domains: items, complete };
  }

  /** https://api.gandi.net/docs/livedns/#get-v5-livedns-domains-fqdn */
  async domain(fqdn: string, signal: AbortSignal): Promise<DomainAnswer> {
    return fitting(DomainAnswer, (await this.expect(200, 'GET', `/domains/${encodeURIComponent(fqdn)}`, signal)).json());
  }

  /** https://api.gandi.net/docs/livedns/#get-v5-livedns-domains-fqdn-records */
  async rrsets(fqdn: string, signal: AbortSignal): Promise<RrsetAnswer[]> {
    return (await this.pages(`/domains/${encodeURIComponent(fqdn)}/records`, RrsetAnswer, ({ rrset_name: name, rrset_type: type }) => `${name} ${type}`, signal, Number.POSITIVE_INFINITY)).items;
  }

  /**
   * https://api.gandi.net/docs/livedns/#get-v5-livedns-domains-fqdn-records-rrset_name. `null` for 404: whether the name has no records or the
   * domain is not there is not documented to be told apart.
   */
  async rrsetsAt(fqdn: string, name: OwnerName, apex: OwnerName, signal: AbortSignal): Promise<RrsetAnswer[] | null> {
    const answer = await this.call('GET', `/domains/${encodeURIComponent(fqdn)}/records/${pathOf(name, apex)}`, signal);
    return answer.status === 404 ? null : fitting(z.array(RrsetAnswer), this.checked(answer, [200], false).json());
  }

  /** POST creates: 200 where a set with the same values is there, 409 where it has others. */
  async create(path: string, body: RrsetBody, signal: AbortSignal): Promise<void> {
    this.checked(await this.call('POST', path, signal, body), [200, 201], true);
  }

  /** PUT replaces the values and the TTL of one set. */
  async replace(path: string, body: RrsetBody, signal: AbortSignal): Promise<void> {
    this.checked(await this.call('PUT', path, signal, body), [200, 201], true);
  }

  /** A set that is not there any more is as good as deleted. */
  async delete(path: string, signal: AbortSignal): Promise<void> {
    const answer = await this.call('DELETE', path, signal);
    if (!isMissingSet(answer)) this.checked(answer, [200, 204], true);
  }

  /** Seconds until a personal access token ends. It needs no permission of the token. */
  async tokenEndsInSeconds(signal: AbortSignal): Promise<number> {
    const answer = await this.ports.http.request({ method: 'GET', url: tokenInfo, headers: { authorization: `Bearer ${this.credential.token}` } }, signal);
    return fitting(TokenAnswer, this.checked(answer, [200], false).json()).expires_in;
  }

  /**
   * Every page, also of a server that knows no pages and gives all at once: it goes on until the count in `Total-Count` is reached, where there
   * is one, and else until a page is not full or brings nothing new.
   */
  private async pages<Item extends z.ZodType>(path: string, item: Item, keyOf: (item: z.infer<Item>) => string, signal: AbortSignal, maxPages: number): Promise<{ items: z.infer<Item>[]; complete: boolean }> {
    const items = new Map<string, z.infer<Item>>();
    for (let page = 1; page <= maxPages; page++) {
      const answer = await this.expect(200, 'GET', `${path}?page=${page}&per_page=${perPage}`, signal);
      const given: z.infer<Item>[] = fitting(z.array(item), answer.json());
      const before = items.size;
      for (const each of given) items.set(keyOf(each), each);
      const total = /^\d+$/.test(answer.headers['total-count'] ?? '') ? Number(answer.headers['total-count']) : null;
      if (total === null ? given.length < perPage || items.size === before : items.size >= total) return { items: [...items.values()], complete: true };
      // The end of the list, and fewer items than it counts: it moved between two pages.
      if (items.size === before) throw new ProviderError('provider_unavailable', { detail: 'the list changed while it was read' });
    }
    return { items: [...items.values()], complete: false };
  }

  private async expect(status: number, method: HttpMethod, path: string, signal: AbortSignal): Promise<HttpAnswer> {
    return this.checked(await this.call(method, path, signal), [status], method !== 'GET');
  }

  private checked(answer: HttpAnswer, good: readonly number[], write: boolean): HttpAnswer {
    if (!good.includes(answer.status)) throw errorOf(answer, { write, now: this.ports.clock.now() });
    return answer;
  }

  /**
   * A token under the wrong scheme was seen to answer 401, 403 and even 500 (lego issue 2041, caddy-dns/gandi issue 5). If the first reading is
   * refused, the other scheme is tried once; what it answers counts only if it is accepted.
   */
  private async call(method: HttpMethod, path: string, signal: AbortSignal, body?: unknown): Promise<HttpAnswer> {
    const answer = await this.send(this.scheme, method, path, signal, body);
    if (this.isSchemeSure || method !== 'GET') return answer;
    this.isSchemeSure = true;
    if (answer.status !== 401 && answer.status !== 403) return answer;
    const other = this.scheme === 'Bearer' ? 'Apikey' : 'Bearer';
    const second = await this.send(other, method, path, signal, body);
    if (second.status !== 200 && second.status !== 404) return answer;
    this.scheme = other;
    return second;
  }

  private send(scheme: GandiScheme, method: HttpMethod, path: string, signal: AbortSignal, body: unknown): Promise<HttpAnswer> {
    return this.ports.http.request({ method, url: `${api}${path}`, headers: { authorization: `${scheme} ${this.credential.token}` }, body }, signal);
  }
}
