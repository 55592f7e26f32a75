import type { z } from 'zod';
import { fitting } from '../../base/index.js';
import type { HttpAnswer, HttpMethod, ProviderPorts } from '../../spi/index.js';
import type { RecordBody } from './convert.js';
import { errorOf } from './errors.js';
import { Created, RecordList, ZoneAnswer, ZoneList, type RecordAnswer } from './schema.js';

const api = 'https://api.netlify.com/api/v1';
/** The largest page. */
const perPage = 100;

/** One method per endpoint of https://open-api.netlify.com/#tag/dnsZone. There is none that changes a record. */
export class NetlifyClient {
  constructor(private readonly token: string, private readonly ports: Pick<ProviderPorts, 'http' | 'clock'>) {}

  /** https://open-api.netlify.com/#tag/dnsZone/operation/getDnsZone; `null`: the teams of the token have no such zone. */
  async zone(id: string, signal: AbortSignal): Promise<ZoneAnswer | null> {
    const answer = await this.send('GET', `/dns_zones/${encodeURIComponent(id)}`, signal);
    return answer.status === 404 ? null : this.read(answer, 200, ZoneAnswer);
  }

  /**
   * https://open-api.netlify.com/#tag/dnsZone/operation/getDnsZones, of all teams. That the list has pages is said of lists in general and not of this
   * one: it ends with a page that names no next one and is not full, or that brings nothing new.
   */
  async zones(signal: AbortSignal): Promise<ZoneAnswer[]> {
    const found = new Map<string, ZoneAnswer>();
    for (let page = 1; ; page++) {
      const answer = await this.send('GET', `/dns_zones?page=${page}&per_page=${perPage}`, signal);
      const zones = this.read(answer, 200, ZoneList);
      const before = found.size;
      for (const zone of zones) found.set(zone.id, zone);
      const isLast = zones.length < perPage && !/rel="?next"?/.test(answer.headers['link'] ?? '');
      if (isLast || found.size === before) return [...found.values()];
    }
  }

  /** https://open-api.netlify.com/#tag/dnsZone/operation/getDnsRecords: all of them at once. */
  async records(zoneId: string, signal: AbortSignal): Promise<RecordAnswer[]> {
    return this.read(await this.send('GET', recordsOf(zoneId), signal), 200, RecordList);
  }

  /** https://open-api.netlify.com/#tag/dnsZone/operation/createDnsRecord */
  async create(zoneId: string, body: RecordBody, signal: AbortSignal): Promise<void> {
    this.read(await this.send('POST', recordsOf(zoneId), signal, body), 201, Created, true);
  }

  /** https://open-api.netlify.com/#tag/dnsZone/operation/deleteDnsRecord; a record that is gone is as good as deleted. */
  async delete(zoneId: string, id: string, signal: AbortSignal): Promise<void> {
    const answer = await this.send('DELETE', `${recordsOf(zoneId)}/${encodeURIComponent(id)}`, signal);
    if (answer.status !== 204 && answer.status !== 404) throw errorOf(answer, { write: true, now: this.ports.clock.now() });
  }

  private read<Schema extends z.ZodType>(answer: HttpAnswer, status: number, schema: Schema, write = false): z.output<Schema> {
    if (answer.status !== status) throw errorOf(answer, { write, now: this.ports.clock.now() });
    return fitting(schema, answer.json());
  }

  private send(method: HttpMethod, path: string, signal: AbortSignal, body?: unknown): Promise<HttpAnswer> {
    return this.ports.http.request({ method, url: `${api}${path}`, headers: { authorization: `Bearer ${this.token}` }, body }, signal);
  }
}

function recordsOf(zoneId: string): string {
  return `/dns_zones/${encodeURIComponent(zoneId)}/dns_records`;
}
