import type { z } from 'zod';
import { ProviderError, displayName, type OwnerName } from '@connect/domain';
import { fitting } from '../../base/index.js';
import type { HttpAnswer, HttpMethod, ProviderPorts } from '../../spi/index.js';
import type { RecordBody, SetRecordBody } from './convert.js';
import type { GodaddyCredential } from './credential.js';
import { errorOf } from './errors.js';
import { Created, DomainList, DomainPage, KeyRecordList, RecordPage, type DomainAnswer, type KeyRecord, type TokenRecord } from './schema.js';

const origin = 'https://api.godaddy.com';
/** The largest pages. */
const perPage = { keyDomains: 1_000, tokenDomains: 200, records: 100 };

/** What both versions need to be called. */
class GodaddyApi {
  constructor(private readonly credential: GodaddyCredential, private readonly ports: Pick<ProviderPorts, 'http' | 'clock'>) {}

  protected read<Schema extends z.ZodType>(answer: HttpAnswer, schema: Schema, options: { status: number; write: boolean } = { status: 200, write: false }): z.output<Schema> {
    this.expect(answer, [options.status], options.write);
    return fitting(schema, answer.json());
  }

  protected expect(answer: HttpAnswer, good: readonly number[], write: boolean): void {
    if (!good.includes(answer.status)) throw errorOf(answer, { kind: this.credential.kind, write, now: this.ports.clock.now() });
  }

  protected send(method: HttpMethod, path: string, signal: AbortSignal, body?: unknown): Promise<HttpAnswer> {
    return this.ports.http.request({ method, url: `${origin}${path}`, headers: { authorization: this.credential.authorization, accept: 'application/json' }, body }, signal);
  }
}

/**
 * v1, for keys: https://developer.godaddy.com/doc/endpoint/domains. Records have no ids. Of the calls that replace, only the one for one type and name is
 * here: those for a type and for the zone take away what is not named in them. A domain is never asked for by itself: that answer holds its transfer code.
 */
export class KeyClient extends GodaddyApi {
  /** Page after page, each after the last domain of the one before. */
  async domains(signal: AbortSignal): Promise<DomainAnswer[]> {
    const found: DomainAnswer[] = [];
    for (let marker = ''; ; ) {
      const page = this.read(await this.send('GET', `/v1/domains?statuses=ACTIVE&limit=${perPage.keyDomains}${marker === '' ? '' : `&marker=${encodeURIComponent(marker)}`}`, signal), DomainList);
      found.push(...page);
      const last = page.at(-1)?.domain;
      if (page.length < perPage.keyDomains || last === undefined) return found;
      if (last === marker) throw noEnd();
      marker = last;
    }
  }

  /** Without a limit they come all at once. */
  async records(zone: OwnerName, signal: AbortSignal): Promise<KeyRecord[]> {
    return this.read(await this.send('GET', recordsOf(zone), signal), KeyRecordList);
  }

  /** Adds, and touches nothing: 422 DUPLICATE_RECORD for what is there. */
  async add(zone: OwnerName, bodies: readonly RecordBody[], signal: AbortSignal): Promise<void> {
    this.expect(await this.send('PATCH', recordsOf(zone), signal, bodies), [200, 204], true);
  }

  /** All records of one type and name give way to these. An empty list would be accepted and ignored. */
  async replaceSet(zone: OwnerName, type: string, name: string, bodies: readonly SetRecordBody[], signal: AbortSignal): Promise<void> {
    this.expect(await this.send('PUT', setOf(zone, type, name), signal, bodies), [200, 204], true);
  }

  /** All records of one type and name; what is gone is as good as deleted. */
  async deleteSet(zone: OwnerName, type: string, name: string, signal: AbortSignal): Promise<void> {
    this.expect(await this.send('DELETE', setOf(zone, type, name), signal), [200, 204, 404], true);
  }
}

/**
 * v3, for tokens: https://developer.godaddy.com/openapi/domains-v3.json. There is a PUT for a record, and it is not here: it answers 200 and leaves that
 * record alone in the zone (godaddy/cli issue 136, 2026-07).
 */
export class TokenClient extends GodaddyApi {
  async domains(signal: AbortSignal): Promise<DomainAnswer[]> {
    const found: DomainAnswer[] = [];
    const seen = new Set<string>();
    for (let token: string | null = ''; token !== null; ) {
      const page = this.read(await this.send('GET', `/v3/domains/domain-names?statuses=ACTIVE&pageSize=${perPage.tokenDomains}${token === '' ? '' : `&pageToken=${encodeURIComponent(token)}`}`, signal), DomainPage);
      found.push(...page.items);
      token = pageTokenOf(page.links?.find(({ rel }) => rel === 'next')?.href);
      if (token !== null && (seen.has(token) || page.items.length === 0)) throw noEnd();
      if (token !== null) seen.add(token);
    }
    return found;
  }

  /** Every page, and as many records as the answers count: a list with a hole in it would look like a zone with fewer records. */
  async records(zone: OwnerName, signal: AbortSignal): Promise<TokenRecord[]> {
    const found: TokenRecord[] = [];
    for (let page = 1; ; page++) {
      const { items, links, totalItems } = this.read(await this.send('GET', `${zoneOf(zone)}?page=${page}&pageSize=${perPage.records}&totalRequired=true`, signal), RecordPage);
      found.push(...items);
      if (links?.some(({ rel }) => rel === 'next') === true) {
        if (items.length === 0) throw noEnd();
        continue;
      }
      if (typeof totalItems === 'number' && totalItems !== found.length) throw new ProviderError('provider_unavailable', { detail: 'the list changed while it was read' });
      return found;
    }
  }

  async create(zone: OwnerName, body: RecordBody, signal: AbortSignal): Promise<void> {
    this.read(await this.send('POST', zoneOf(zone), signal, body), Created, { status: 201, write: true });
  }

  /** The id is made of the content, and holds characters such as brackets; a record that is gone is as good as deleted. */
  async delete(zone: OwnerName, id: string, signal: AbortSignal): Promise<void> {
    this.expect(await this.send('DELETE', `${zoneOf(zone)}/${encodeURIComponent(id)}`, signal), [204, 404], true);
  }
}

/** Only the token of the next page is taken from a link, never its address. */
function pageTokenOf(href: string | undefined): string | null {
  if (href === undefined) return null;
  const token = URL.canParse(href, origin) ? new URL(href, origin).searchParams.get('pageToken') : null;
  if (token === null || token === '') throw noEnd();
  return token;
}

function noEnd(): ProviderError {
  return new ProviderError('provider_protocol', { detail: 'the pages of the list do not go on' });
}

function recordsOf(zone: OwnerName): string {
  return `/v1/domains/${encodeURIComponent(displayName(zone))}/records`;
}

function setOf(zone: OwnerName, type: string, name: string): string {
  return `${recordsOf(zone)}/${encodeURIComponent(type)}/${encodeURIComponent(name)}`;
}

function zoneOf(zone: OwnerName): string {
  return `/v3/domains/zones/${encodeURIComponent(displayName(zone))}/dns-records`;
}
