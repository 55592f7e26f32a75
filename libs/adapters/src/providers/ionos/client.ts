import type { z } from 'zod';
import { fitting } from '../../base/index.js';
import type { HttpAnswer, HttpMethod, ProviderPorts } from '../../spi/index.js';
import type { NewRecord, RecordFields } from './convert.js';
import { errorOf, type About } from './errors.js';
import { Created, CustomerZone, Written, ZoneList, type RecordAnswer, type ZoneAnswer } from './schema.js';

const api = 'https://api.hosting.ionos.com/dns/v1';

/**
 * One method per endpoint of https://developer.hosting.ionos.com/docs/dns. The calls that replace the records of a zone or a set are not here: they take
 * away what is not named in them.
 */
export class IonosClient {
  constructor(private readonly key: string, private readonly ports: Pick<ProviderPorts, 'http' | 'clock'>) {}

  /** GET /v1/zones */
  async zones(signal: AbortSignal): Promise<ZoneAnswer[]> {
    return this.read(await this.send('GET', '/zones', signal), 200, ZoneList, 'account');
  }

  /** GET /v1/zones/{zoneId}: the only list of records. */
  async records(zoneId: string, signal: AbortSignal): Promise<RecordAnswer[]> {
    return this.read(await this.send('GET', inUrl(zoneId), signal), 200, CustomerZone, 'zone').records;
  }

  /** POST /v1/zones/{zoneId}/records, an array. What is there already is replaced by a copy with another id, so repeating adds nothing. */
  async create(zoneId: string, record: NewRecord, signal: AbortSignal): Promise<void> {
    this.read(await this.send('POST', `${inUrl(zoneId)}/records`, signal, [record]), 201, Created, 'write');
  }

  /** PUT /v1/zones/{zoneId}/records/{recordId}; the record may have another id afterwards. */
  async update(zoneId: string, id: string, fields: RecordFields, signal: AbortSignal): Promise<void> {
    this.read(await this.send('PUT', `${inUrl(zoneId)}/records/${encodeURIComponent(id)}`, signal, fields), 200, Written, 'write');
  }

  /** DELETE /v1/zones/{zoneId}/records/{recordId}: 200 and nothing. A record that is gone may be there with another id, so 404 is no success. */
  async delete(zoneId: string, id: string, signal: AbortSignal): Promise<void> {
    const answer = await this.send('DELETE', `${inUrl(zoneId)}/records/${encodeURIComponent(id)}`, signal);
    if (answer.status !== 200 && answer.status !== 204) throw this.refusal(answer, 'write');
  }

  private read<Schema extends z.ZodType>(answer: HttpAnswer, status: number, schema: Schema, about: About): z.output<Schema> {
    if (answer.status !== status) throw this.refusal(answer, about);
    return fitting(schema, answer.json());
  }

  private refusal(answer: HttpAnswer, about: About): ReturnType<typeof errorOf> {
    return errorOf(answer, { about, now: this.ports.clock.now() });
  }

  private send(method: HttpMethod, path: string, signal: AbortSignal, body?: unknown): Promise<HttpAnswer> {
    return this.ports.http.request({ method, url: `${api}${path}`, headers: { 'x-api-key': this.key }, body }, signal);
  }
}

function inUrl(zoneId: string): string {
  return `/zones/${encodeURIComponent(zoneId)}`;
}
