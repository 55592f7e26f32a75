import { z } from 'zod';
import { ProviderError, displayName, type OwnerName } from '@connect/domain';
import { fitting } from '../../base/index.js';
import type { HttpAnswer, HttpMethod, ProviderPorts } from '../../spi/index.js';
import type { RrsetItem } from './convert.js';
import { errorOf, refusalsOf } from './errors.js';
import { DomainAnswer, RrsetAnswer, TokenAnswer } from './schema.js';

/** Paths end with a slash: without it (or with two) the answer is a redirect, and a body is lost. */
const api = 'https://desec.io/api/v1';

/** One method per endpoint of https://desec.readthedocs.io/en/latest/endpoint-reference.html. */
export class DesecClient {
  constructor(private readonly token: string, private readonly ports: Pick<ProviderPorts, 'http' | 'clock'>) {}

  /** https://desec.readthedocs.io/en/latest/dns/domains.html#listing-domains */
  async domains(signal: AbortSignal): Promise<DomainAnswer[]> {
    return this.pages('/domains/', {}, DomainAnswer, signal);
  }

  /** The domain of the account that is responsible for a name, by the `owns_qname` filter: no walk from name to name. */
  async domainOwning(name: OwnerName, signal: AbortSignal): Promise<DomainAnswer | null> {
    return (await this.read(`/domains/?owns_qname=${encodeURIComponent(displayName(name))}`, z.array(DomainAnswer).max(1), signal)).value[0] ?? null;
  }

  /** https://desec.readthedocs.io/en/latest/dns/domains.html#retrieving-a-specific-domain */
  async domain(name: string, signal: AbortSignal): Promise<DomainAnswer> {
    return (await this.read(`/domains/${encodeURIComponent(name)}/`, DomainAnswer, signal)).value;
  }

  /** https://desec.readthedocs.io/en/latest/dns/rrsets.html#retrieving-all-rrsets-in-a-zone; `subname` is exact, '' the apex. */
  async rrsets(domain: string, subname: string | null, signal: AbortSignal): Promise<RrsetAnswer[]> {
    return this.pages(`/domains/${encodeURIComponent(domain)}/rrsets/`, subname === null ? {} : { subname }, RrsetAnswer, signal);
  }

  /**
   * https://desec.readthedocs.io/en/latest/dns/rrsets.html#bulk-operations, one transaction. POST only creates, PATCH also changes and deletes.
   * `null`: written. Otherwise nothing was, and what is said of each item, `null` where the item is fine.
   */
  async write(method: 'POST' | 'PATCH', domain: string, items: readonly RrsetItem[], signal: AbortSignal): Promise<(ProviderError | null)[] | null> {
    const answer = await this.call(method, `/domains/${encodeURIComponent(domain)}/rrsets/`, signal, items);
    if (answer.status === (method === 'POST' ? 201 : 200)) return null;
    const refusals = refusalsOf(answer, items.length);
    if (refusals === null) throw errorOf(answer, { write: true, now: this.ports.clock.now() });
    return refusals;
  }

  /** https://desec.readthedocs.io/en/latest/auth/tokens.html#retrieving-all-current-tokens; 403 to a token that may not manage tokens. */
  async tokens(signal: AbortSignal): Promise<void> {
    await this.read('/auth/tokens/', z.array(TokenAnswer), signal);
  }

  /** Every page. An empty `cursor` asks for the first one; without it more than 500 items are an error 400. */
  private async pages<Item extends z.ZodType>(path: string, filter: Record<string, string>, item: Item, signal: AbortSignal): Promise<z.infer<Item>[]> {
    const items: z.infer<Item>[] = [];
    const seen = new Set<string>();
    for (let cursor: string | null = ''; cursor !== null; ) {
      if (seen.has(cursor)) throw new ProviderError('provider_protocol', { detail: 'the pages go in a circle' });
      seen.add(cursor);
      const page: { value: z.infer<Item>[]; headers: Record<string, string> } = await this.read(`${path}?${new URLSearchParams({ ...filter, cursor }).toString()}`, z.array(item), signal);
      items.push(...page.value);
      cursor = nextCursorOf(page.headers['link'] ?? '');
    }
    return items;
  }

  private async read<Schema extends z.ZodType>(path: string, schema: Schema, signal: AbortSignal): Promise<{ value: z.infer<Schema>; headers: Record<string, string> }> {
    const answer = await this.call('GET', path, signal);
    if (answer.status !== 200) throw errorOf(answer, { write: false, now: this.ports.clock.now() });
    return { value: fitting(schema, answer.json()), headers: answer.headers };
  }

  private call(method: HttpMethod, path: string, signal: AbortSignal, body?: unknown): Promise<HttpAnswer> {
    return this.ports.http.request({ method, url: `${api}${path}`, headers: { authorization: `Token ${this.token}` }, body }, signal);
  }
}

/** Of the link only the cursor is taken: where we call is not theirs to say. */
function nextCursorOf(link: string): string | null {
  const url = /<([^>]*)>\s*;\s*rel="next"/.exec(link)?.[1];
  return url === undefined || !URL.canParse(url) ? null : new URL(url).searchParams.get('cursor');
}
