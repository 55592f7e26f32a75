import type { z } from 'zod';
import { ProviderError } from '@connect/domain';
import { AccessTokens, fitting, type GivenToken } from '../../base/index.js';
import type { HttpAnswer, HttpMethod, ProviderPorts } from '../../spi/index.js';
import type { SetAddress, TheirSet } from './convert.js';
import type { AzurednsCredential } from './credential.js';
import { errorOf, tokenErrorOf, type CallKind } from './errors.js';
import { PermissionsPage, SetsPage, TokenAnswer, WrittenAnswer, ZoneAnswer, ZonesPage, type Permission, type SetAnswer } from './schema.js';

type Call = { method: HttpMethod; url: string; body?: unknown; headers?: Record<string, string>; of: CallKind['of'] };

/** What all SDKs default to. 2023-07-01-preview knows DNSSEC and the types DS, TLSA and NAPTR, too. */
const dnsVersion = '2018-05-01';
const permissionsVersion = '2022-04-01';

/** One method per endpoint of https://learn.microsoft.com/rest/api/dns/, API version 2018-05-01. */
export class AzurednsClient {
  private readonly tokens: AccessTokens;
  private readonly origin: string;
  private readonly group: string;

  constructor(private readonly credential: AzurednsCredential, private readonly ports: Pick<ProviderPorts, 'http' | 'clock'>) {
    this.tokens = new AccessTokens((signal) => this.askForToken(signal), ports.clock);
    this.origin = `https://${credential.cloud.managerHost}`;
    this.group = `${this.origin}/subscriptions/${credential.subscriptionId}/resourceGroups/${encodeURIComponent(credential.resourceGroup)}/providers/Microsoft.Network/dnsZones`;
  }

  /** https://learn.microsoft.com/rest/api/dns/zones/get */
  async zone(name: string, signal: AbortSignal): Promise<ZoneAnswer> {
    return fitting(ZoneAnswer, (await this.call({ method: 'GET', url: this.urlOf([name]), of: 'zone' }, signal)).json());
  }

  /** https://learn.microsoft.com/rest/api/dns/zones/list-by-resource-group; shows the zones that the application may read. */
  zones(signal: AbortSignal): Promise<ZoneAnswer[]> {
    return this.pages(this.urlOf([]), ZonesPage, signal);
  }

  /** https://learn.microsoft.com/rest/api/dns/record-sets/list-by-dns-zone */
  recordSets(zone: string, signal: AbortSignal): Promise<SetAnswer[]> {
    return this.pages(this.urlOf([zone, 'recordsets']), SetsPage, signal);
  }

  /** The same list, only to see whether it may be read. */
  async oneRecordSet(zone: string, signal: AbortSignal): Promise<SetAnswer[]> {
    return fitting(SetsPage, (await this.call({ method: 'GET', url: `${this.urlOf([zone, 'recordsets'])}&$top=1`, of: 'zone' }, signal)).json()).value;
  }

  /** https://learn.microsoft.com/rest/api/authorization/permissions/list-for-resource: what the caller itself may do with the zone. */
  permissions(zone: string, signal: AbortSignal): Promise<Permission[]> {
    return this.pages(this.urlOf([zone, 'providers', 'Microsoft.Authorization', 'permissions'], permissionsVersion), PermissionsPage, signal);
  }

  /** https://learn.microsoft.com/rest/api/dns/record-sets/create-or-update. `etag` is that of the set that is replaced; `null` creates, and is refused where a set is there. */
  async put(zone: string, { type, name }: SetAddress, set: TheirSet, etag: string | null, signal: AbortSignal): Promise<void> {
    const headers: Record<string, string> = etag === null ? { 'if-none-match': '*' } : { 'if-match': etag };
    fitting(WrittenAnswer, (await this.call({ method: 'PUT', url: this.urlOf([zone, type, name]), body: set, headers, of: 'set' }, signal)).json());
  }

  /** https://learn.microsoft.com/rest/api/dns/record-sets/delete; 204 where there is nothing. */
  async delete(zone: string, { type, name }: SetAddress, etag: string, signal: AbortSignal): Promise<void> {
    await this.call({ method: 'DELETE', url: this.urlOf([zone, type, name]), headers: { 'if-match': etag }, of: 'set' }, signal);
  }

  private urlOf(path: readonly string[], version = dnsVersion): string {
    return `${[this.group, ...path.map(encodeURIComponent)].join('/')}?api-version=${version}`;
  }

  private async pages<Item>(first: string, schema: z.ZodType<{ value: Item[]; nextLink?: string | null | undefined }>, signal: AbortSignal): Promise<Item[]> {
    const items: Item[] = [];
    const seen = new Set<string>();
    for (let url = first; ; ) {
      const { value, nextLink } = fitting(schema, (await this.call({ method: 'GET', url, of: 'zone' }, signal)).json());
      items.push(...value);
      if (nextLink === undefined || nextLink === null || nextLink === '') return items;
      if (seen.has(nextLink)) throw new ProviderError('provider_protocol', { detail: 'the pages go in a circle' });
      seen.add(nextLink);
      url = this.ownLink(nextLink);
    }
  }

  /** A link to the next page is followed as it is, and our token goes with it: to the resource manager of this cloud only. */
  private ownLink(link: string): string {
    if (URL.canParse(link) && new URL(link).origin === this.origin) return link;
    throw new ProviderError('provider_protocol', { detail: 'the link to the next page leads to another host' });
  }

  private async call(call: Call, signal: AbortSignal): Promise<HttpAnswer> {
    const token = await this.tokens.current(signal);
    const send = (text: string): Promise<HttpAnswer> => this.send(call, text, signal);
    let answer = await token.open(send);
    if (answer.status === 401) {
      // A refused token had no effect. It may have been taken back before its time, so a new one is tried, once.
      this.tokens.drop(token);
      answer = await (await this.tokens.current(signal)).open(send);
    }
    const { method, of } = call;
    const isDone = answer.status === 200 || (method === 'PUT' && answer.status === 201) || (method === 'DELETE' && answer.status === 204);
    if (!isDone) throw errorOf(answer, { write: method !== 'GET', of, now: this.ports.clock.now() });
    return answer;
  }

  private send({ method, url, body, headers }: Call, token: string, signal: AbortSignal): Promise<HttpAnswer> {
    return this.ports.http.request({ method, url, headers: { ...headers, authorization: `Bearer ${token}` }, body }, signal);
  }

  /** https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow */
  private async askForToken(signal: AbortSignal): Promise<GivenToken> {
    const { cloud, tenantId, clientId, clientSecret } = this.credential;
    const form = clientSecret.open((text) => new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: text, scope: `${this.origin}/.default` }).toString());
    const url = `https://${cloud.loginHost}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`;
    const answer = await this.ports.http.request({ method: 'POST', url, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: form, safe: true }, signal);
    if (answer.status !== 200) throw tokenErrorOf(answer, this.ports.clock.now());
    const { access_token: token, expires_in: seconds } = fitting(TokenAnswer, answer.json());
    return { token, seconds };
  }
}
