import type { z } from 'zod';
import { ProviderError, type OwnerName } from '@connect/domain';
import { fitting } from '../../base/index.js';
import type { HttpAnswer, ProviderPorts } from '../../spi/index.js';
import type { TheirChange } from './convert.js';
import type { GcpdnsCredential } from './credential.js';
import { errorOf } from './errors.js';
import { ChangeAnswer, HeldPermissions, ManagedZone, ManagedZonesPage, Rrset, RrsetsPage } from './schema.js';
import { SignedTokens } from './signed-tokens.js';

type Query = Readonly<Record<string, string>>;
type Call = { path: string; query?: Query; post?: unknown; /** A POST without effect. */ safe?: boolean };
type Page = { nextPageToken?: string | undefined };

/** The server may give fewer. A page of all record sets is far below our limit for an answer. */
const pageSize = 500;

/** One method per endpoint of https://cloud.google.com/dns/docs/reference/rest/v1. */
export class GcpdnsClient {
  private readonly tokens: SignedTokens;
  private readonly project: string;

  constructor(credential: GcpdnsCredential, private readonly ports: Pick<ProviderPorts, 'http' | 'clock'>) {
    this.tokens = new SignedTokens(credential, ports);
    this.project = `https://${credential.apiHost}/dns/v1/projects/${encodeURIComponent(credential.project)}`;
  }

  /** https://cloud.google.com/dns/docs/reference/rest/v1/managedZones/get, by name or number. */
  managedZone(nameOrId: string, signal: AbortSignal): Promise<ManagedZone> {
    return this.call({ path: `/managedZones/${encodeURIComponent(nameOrId)}` }, ManagedZone, signal);
  }

  /** https://cloud.google.com/dns/docs/reference/rest/v1/managedZones/list; `dnsName` is exact. The right to list is one of the project, not of a zone. */
  managedZones(dnsName: OwnerName | null, signal: AbortSignal): Promise<ManagedZone[]> {
    return this.pages('/managedZones', dnsName === null ? {} : { dnsName }, ManagedZonesPage, ({ managedZones }) => managedZones, signal);
  }

  /** https://cloud.google.com/dns/docs/reference/rest/v1/resourceRecordSets/list; `name` is exact, `null` gives all. */
  recordSets(zone: string, name: OwnerName | null, signal: AbortSignal): Promise<Rrset[]> {
    return this.pages(`/managedZones/${encodeURIComponent(zone)}/rrsets`, name === null ? {} : { name }, RrsetsPage, ({ rrsets }) => rrsets, signal);
  }

  /** https://cloud.google.com/dns/docs/reference/rest/v1/changes/create; all or nothing, and deletions come first. */
  async change(zone: string, change: TheirChange, signal: AbortSignal): Promise<{ id: string; isDone: boolean }> {
    return doneOrNot(await this.call({ path: `/managedZones/${encodeURIComponent(zone)}/changes`, post: change }, ChangeAnswer, signal));
  }

  /** https://cloud.google.com/dns/docs/reference/rest/v1/changes/get: has the change gone to all name servers? */
  async isDone(zone: string, changeId: string, signal: AbortSignal): Promise<boolean> {
    return doneOrNot(await this.call({ path: `/managedZones/${encodeURIComponent(zone)}/changes/${encodeURIComponent(changeId)}` }, ChangeAnswer, signal)).isDone;
  }

  /** https://cloud.google.com/dns/docs/reference/rest/v1/managedZones/testIamPermissions: which of these the caller has on the zone. It needs no right itself, and changes nothing. */
  async heldPermissions(zone: string, permissions: readonly string[], signal: AbortSignal): Promise<string[]> {
    return (await this.call({ path: `/managedZones/${encodeURIComponent(zone)}:testIamPermissions`, post: { permissions }, safe: true }, HeldPermissions, signal)).permissions;
  }

  private async pages<Schema extends z.ZodType<Page>, Item>(path: string, query: Query, schema: Schema, itemsOf: (page: z.output<Schema>) => Item[], signal: AbortSignal): Promise<Item[]> {
    const items: Item[] = [];
    const seen = new Set<string>();
    for (let position: Query = {}; ; ) {
      const page: z.output<Schema> = await this.call({ path, query: { ...query, maxResults: String(pageSize), ...position } }, schema, signal);
      items.push(...itemsOf(page));
      const next: string | undefined = page.nextPageToken;
      if (next === undefined || next === '') return items;
      if (seen.has(next)) throw new ProviderError('provider_protocol', { detail: 'the pages go in a circle' });
      seen.add(next);
      position = { pageToken: next };
    }
  }

  private async call<Schema extends z.ZodType>(call: Call, schema: Schema, signal: AbortSignal): Promise<z.output<Schema>> {
    const token = await this.tokens.current(signal);
    const send = (text: string): Promise<HttpAnswer> => this.send(call, text, signal);
    let answer = await token.open(send);
    if (answer.status === 401) {
      // A refused token had no effect. It may have been taken back before its time, so a new one is tried, once.
      this.tokens.drop(token, answer);
      answer = await (await this.tokens.current(signal)).open(send);
    }
    if (answer.status !== 200) throw errorOf(answer, { write: call.post !== undefined && call.safe !== true, now: this.ports.clock.now() });
    return fitting(schema, answer.json());
  }

  private send({ path, query = {}, post, safe }: Call, token: string, signal: AbortSignal): Promise<HttpAnswer> {
    const search = new URLSearchParams({ ...query, prettyPrint: 'false' });
    const method = post === undefined ? 'GET' : 'POST';
    return this.ports.http.request({ method, url: `${this.project}${path}?${search.toString()}`, headers: { authorization: `Bearer ${token}` }, body: post, safe: safe === true || method === 'GET' }, signal);
  }
}

function doneOrNot({ id, status }: ChangeAnswer): { id: string; isDone: boolean } {
  return { id, isDone: status === 'done' };
}
