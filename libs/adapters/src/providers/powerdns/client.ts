import type { z } from 'zod';
import { type OwnerName } from '@connect/domain';
import { fitting } from '../../base/index.js';
import type { HttpAnswer, HttpMethod, ProviderPorts } from '../../spi/index.js';
import { pathOf, type RrsetPatch } from './convert.js';
import type { PowerdnsCredential } from './credential.js';
import { errorOf } from './errors.js';
import { ServerAnswer, ZoneAnswer, ZoneListAnswer, ZoneWithSetsAnswer } from './schema.js';

/** One method per endpoint of https://doc.powerdns.com/authoritative/http-api/. */
export class PowerdnsClient {
  constructor(private readonly credential: PowerdnsCredential, private readonly ports: Pick<ProviderPorts, 'http' | 'clock'>) {}

  /** https://doc.powerdns.com/authoritative/http-api/server.html#get--servers-server_id */
  async server(signal: AbortSignal): Promise<ServerAnswer> {
    return this.read('', ServerAnswer, signal);
  }

  /** https://doc.powerdns.com/authoritative/http-api/zone.html#get--servers-server_id-zones; `dnssec=false` leaves out fields that are costly for many zones. */
  async zones(signal: AbortSignal): Promise<ZoneAnswer[]> {
    return this.read('/zones?dnssec=false', ZoneListAnswer, signal);
  }

  /** The zone of exactly this name. A missing final dot would be 422, so the house's form fits. */
  async zoneNamed(name: OwnerName, signal: AbortSignal): Promise<ZoneAnswer | null> {
    return (await this.read(`/zones?zone=${encodeURIComponent(name)}`, ZoneListAnswer, signal))[0] ?? null;
  }

  /** https://doc.powerdns.com/authoritative/http-api/zone.html#get--servers-server_id-zones-zone_id */
  async zone(zoneId: string, signal: AbortSignal): Promise<ZoneWithSetsAnswer> {
    return this.read(`/zones/${pathOf(zoneId)}`, ZoneWithSetsAnswer, signal);
  }

  /** https://doc.powerdns.com/authoritative/http-api/zone.html#patch--servers-server_id-zones-zone_id; one database transaction, 204 without a body. */
  async patch(zoneId: string, rrsets: RrsetPatch[], signal: AbortSignal): Promise<void> {
    const answer = await this.call('PATCH', `/zones/${pathOf(zoneId)}`, { rrsets }, signal);
    if (answer.status !== 204) throw errorOf(answer, { write: true, now: this.ports.clock.now() });
  }

  /** `PUT …/notify` and `PUT …/rectify`: both may be repeated. */
  async put(zoneId: string, action: 'notify' | 'rectify', signal: AbortSignal): Promise<void> {
    const answer = await this.call('PUT', `/zones/${pathOf(zoneId)}/${action}`, undefined, signal, true);
    if (answer.status >= 300) throw errorOf(answer, { write: false, now: this.ports.clock.now() });
  }

  private async read<Schema extends z.ZodType>(path: string, schema: Schema, signal: AbortSignal): Promise<z.infer<Schema>> {
    const answer = await this.call('GET', path, undefined, signal);
    if (answer.status !== 200) throw errorOf(answer, { write: false, now: this.ports.clock.now() });
    return fitting(schema, answer.json());
  }

  private call(method: HttpMethod, path: string, body: unknown, signal: AbortSignal, safe?: boolean): Promise<HttpAnswer> {
    const { apiUrl, apiKey, serverId } = this.credential;
    return this.ports.http.request({ method, url: `${apiUrl}/servers/${serverId}${path}`, headers: { 'x-api-key': apiKey }, body, safe }, signal);
  }
}
