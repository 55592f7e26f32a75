import type { z } from 'zod';
import { ProviderError, type RecordType } from '@connect/domain';
import { fitting } from '../../base/index.js';
import type { HttpAnswer, HttpMethod, ProviderPorts } from '../../spi/index.js';
import type { RecordFields } from './convert.js';
import { errorOf } from './errors.js';
import { DomainAnswer, DomainPage, Nothing, Profile, RecordAnswer, RecordPage } from './schema.js';

const api = 'https://api.linode.com/v4';
/** The largest page; the least is 25. */
const pageSize = 500;

/** One method per endpoint of https://techdocs.akamai.com/linode-api/reference/api. */
export class LinodeClient {
  constructor(private readonly token: string, private readonly ports: Pick<ProviderPorts, 'http' | 'clock'>) {}

  /** https://techdocs.akamai.com/linode-api/reference/get-profile: open to every token; the scopes it has stand in the head of each answer. `null`: they do not. */
  async scopes(signal: AbortSignal): Promise<string[] | null> {
    const answer = await this.send('GET', '/profile', signal);
    this.read(answer, Profile);
    return answer.headers['x-oauth-scopes']?.split(/[\s,]+/).filter((scope) => scope !== '') ?? null;
  }

  /** https://techdocs.akamai.com/linode-api/reference/get-domains; `names` as they stand there, without a final dot. */
  async domains(names: readonly string[] | 'all', signal: AbortSignal): Promise<DomainAnswer[]> {
    const filter = names === 'all' ? null : names.length === 1 ? { domain: names[0] } : { '+or': names.map((domain) => ({ domain })) };
    return this.pages('/domains', DomainPage, signal, filter);
  }

  /** https://techdocs.akamai.com/linode-api/reference/get-domain; `null`: the account has no such domain. */
  async domain(id: string, signal: AbortSignal): Promise<DomainAnswer | null> {
    const answer = await this.send('GET', `/domains/${id}`, signal);
    return answer.status === 404 ? null : this.read(answer, DomainAnswer);
  }

  /** https://techdocs.akamai.com/linode-api/reference/get-domain-records; SOA and the NS records of the apex are not among them. */
  async records(zoneId: string, signal: AbortSignal): Promise<RecordAnswer[]> {
    return this.pages(`/domains/${zoneId}/records`, RecordPage, signal);
  }

  /** https://techdocs.akamai.com/linode-api/reference/post-domain-record; a copy of what is there is created all the same. */
  async create(zoneId: string, type: RecordType, fields: RecordFields, signal: AbortSignal): Promise<RecordAnswer> {
    return this.read(await this.send('POST', `/domains/${zoneId}/records`, signal, { body: { type, ...fields } }), RecordAnswer, true);
  }

  /** https://techdocs.akamai.com/linode-api/reference/put-domain-record; what is not sent stays, and the type cannot change. */
  async update(zoneId: string, id: number, fields: RecordFields, signal: AbortSignal): Promise<void> {
    const answer = await this.send('PUT', `/domains/${zoneId}/records/${id}`, signal, { body: fields });
    if (answer.status === 404) throw new ProviderError('zone_changed', { detail: 'the record is gone' });
    this.read(answer, RecordAnswer, true);
  }

  /** https://techdocs.akamai.com/linode-api/reference/delete-domain-record; a record that is gone is as good as deleted. */
  async delete(zoneId: string, id: number, signal: AbortSignal): Promise<void> {
    const answer = await this.send('DELETE', `/domains/${zoneId}/records/${id}`, signal);
    if (answer.status !== 404) this.read(answer, Nothing, true);
  }

  /** Every page, and as many items as the answers count, all alike: a list with a hole in it would look like a zone with fewer records. */
  private async pages<Item>(path: string, schema: z.ZodType<{ data: Item[]; pages: number; results: number }>, signal: AbortSignal, filter: unknown = null): Promise<Item[]> {
    const found: Item[] = [];
    let total: number | null = null;
    for (let page = 1; ; page++) {
      const answer = await this.send('GET', `${path}?page=${page}&page_size=${pageSize}`, signal, { filter });
      // A page beyond the last is 404 as an unknown domain is.
      if (page > 1 && answer.status === 404) throw moved();
      const { data, pages, results } = this.read(answer, schema);
      found.push(...data);
      total ??= results;
      const isLast = page >= pages || data.length === 0;
      // Pages are counted from the start: a record deleted on an earlier page moves another one past us.
      if (results !== total || (isLast && found.length !== total)) throw moved();
      if (isLast) return found;
    }
  }

  /** All that went well is 200, also what was created or deleted. */
  private read<Schema extends z.ZodType>(answer: HttpAnswer, schema: Schema, write = false): z.output<Schema> {
    if (answer.status !== 200) throw errorOf(answer, { write, now: this.ports.clock.now() });
    return fitting(schema, answer.json());
  }

  /** Filters are JSON in a header. */
  private send(method: HttpMethod, path: string, signal: AbortSignal, { body, filter = null }: { body?: unknown; filter?: unknown } = {}): Promise<HttpAnswer> {
    const headers = { authorization: `Bearer ${this.token}`, ...(filter === null ? {} : { 'x-filter': JSON.stringify(filter) }) };
    return this.ports.http.request({ method, url: `${api}${path}`, headers, body, safe: method === 'GET' }, signal);
  }
}

function moved(): ProviderError {
  return new ProviderError('provider_unavailable', { detail: 'the list changed while it was read' });
}
