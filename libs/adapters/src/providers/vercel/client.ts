import type { z } from 'zod';
import { ProviderError, displayName, isConnectError, type OwnerName } from '@connect/domain';
import { fitting } from '../../base/index.js';
import type { HttpAnswer, HttpMethod, ProviderPorts } from '../../spi/index.js';
import type { RecordBody, RecordPatch } from './convert.js';
import { errorOf } from './errors.js';
import { Created, Deleted, DomainEnvelope, DomainPage, RecordPage, TeamPage, TokenEnvelope, Updated, type DomainAnswer, type RecordAnswer, type TokenAnswer } from './schema.js';

const api = 'https://api.vercel.com';
/** The largest page; without asking it is 20. */
const perPage = 100;

/** The team on whose behalf a call runs; `null`: the default of the token's owner. */
export type Team = string | null;

/** One method per endpoint of https://vercel.com/docs/rest-api; each endpoint has a version of its own. */
export class VercelClient {
  constructor(private readonly bearer: string, private readonly ports: Pick<ProviderPorts, 'http' | 'clock'>) {}

  /** https://vercel.com/docs/rest-api/authentication/get-auth-token-metadata; `null`: not told to this kind of token. */
  async token(signal: AbortSignal): Promise<TokenAnswer | null> {
    const answer = await this.send('GET', '/v5/user/tokens/current', null, signal);
    if (answer.status === 404) return null;
    try {
      return this.read(answer, TokenEnvelope).token;
    } catch (error) {
      if (isConnectError(error) && error.code === 'missing_permission') return null;
      throw error;
    }
  }

  /** https://vercel.com/docs/rest-api/teams/list-all-teams */
  async teams(signal: AbortSignal): Promise<string[]> {
    const teams = await this.pages('/v2/teams', null, async (answer) => {
      const { teams: items, pagination } = this.read(await answer, TeamPage);
      return { items, next: pagination.next };
    }, ({ id }) => id, signal);
    return teams.map(({ id }) => id);
  }

  /** https://vercel.com/docs/rest-api/domains/get-information-for-a-single-domain; `null`: the team has no such domain. */
  async domain(name: OwnerName, team: Team, signal: AbortSignal): Promise<DomainAnswer | null> {
    const answer = await this.send('GET', `/v5/domains/${inUrl(name)}`, team, signal);
    return answer.status === 404 ? null : this.read(answer, DomainEnvelope).domain;
  }

  /** https://vercel.com/docs/rest-api/domains/list-all-the-domains */
  async domains(team: Team, signal: AbortSignal): Promise<DomainAnswer[]> {
    return this.pages('/v5/domains', team, async (answer) => {
      const { domains: items, pagination } = this.read(await answer, DomainPage);
      return { items, next: pagination.next };
    }, ({ name }) => name, signal);
  }

  /** https://vercel.com/docs/rest-api/dns/list-existing-dns-records */
  async records(zone: OwnerName, team: Team, signal: AbortSignal): Promise<RecordAnswer[]> {
    return this.pages(`/v5/domains/${inUrl(zone)}/records`, team, async (answer) => {
      const { records: items, pagination } = this.read(await answer, RecordPage);
      return { items, next: pagination.next };
    }, ({ id }) => id, signal);
  }

  /** https://vercel.com/docs/rest-api/dns/create-a-dns-record; whether a copy is refused is not known. */
  async create(zone: OwnerName, team: Team, body: RecordBody, signal: AbortSignal): Promise<void> {
    this.read(await this.send('POST', `/v2/domains/${inUrl(zone)}/records`, team, signal, body), Created, true);
  }

  /** https://vercel.com/docs/rest-api/dns/update-an-existing-dns-record: without the domain in its path. */
  async update(id: string, team: Team, body: RecordPatch, signal: AbortSignal): Promise<void> {
    const answer = await this.send('PATCH', `/v1/domains/records/${encodeURIComponent(id)}`, team, signal, body);
    if (answer.status === 404) throw new ProviderError('zone_changed', { detail: 'the record is gone' });
    this.read(answer, Updated, true);
  }

  /** https://vercel.com/docs/rest-api/dns/delete-a-dns-record: with the domain in its path. A record that is gone is as good as deleted. */
  async delete(zone: OwnerName, id: string, team: Team, signal: AbortSignal): Promise<void> {
    const answer = await this.send('DELETE', `/v2/domains/${inUrl(zone)}/records/${encodeURIComponent(id)}`, team, signal);
    if (answer.status !== 404) this.read(answer, Deleted, true);
  }

  /**
   * Pages go by the time of creation, newest first: `until` gives what was created before it. Several items can have one millisecond, so the
   * page after asks for that millisecond again, and items are told apart by `keyOf`.
   */
  private async pages<Item>(path: string, team: Team, read: (answer: Promise<HttpAnswer>) => Promise<{ items: Item[]; next?: number | null | undefined }>, keyOf: (item: Item) => string, signal: AbortSignal): Promise<Item[]> {
    const found = new Map<string, Item>();
    for (let until = ''; ; ) {
      const { items, next } = await read(this.send('GET', `${path}?limit=${perPage}${until}`, team, signal));
      const before = found.size;
      for (const item of items) found.set(keyOf(item), item);
      if (next === null || next === undefined || items.length === 0) return [...found.values()];
      if (found.size === before && items.length < perPage) return [...found.values()];
      if (found.size === before) throw new ProviderError('provider_protocol', { detail: 'more was created in one millisecond than a page holds' });
      until = `&until=${next + 1}`;
    }
  }

  private read<Schema extends z.ZodType>(answer: HttpAnswer, schema: Schema, write = false): z.output<Schema> {
    if (answer.status !== 200) throw errorOf(answer, { write, now: this.ports.clock.now() });
    return fitting(schema, answer.json());
  }

  private send(method: HttpMethod, path: string, team: Team, signal: AbortSignal, body?: unknown): Promise<HttpAnswer> {
    const url = `${api}${path}${team === null ? '' : `${path.includes('?') ? '&' : '?'}teamId=${encodeURIComponent(team)}`}`;
    return this.ports.http.request({ method, url, headers: { authorization: `Bearer ${this.bearer}` }, body }, signal);
  }
}

function inUrl(name: OwnerName): string {
  return encodeURIComponent(displayName(name));
}
