import type { z } from 'zod';
import { ProviderError, type OwnerName } from '@connect/domain';
import { contentOf, fitting, parseXml } from '../../base/index.js';
import type { HttpAnswer, ProviderPorts } from '../../spi/index.js';
import { batchXml, type BatchItem } from './convert.js';
import type { Route53Credential } from './credential.js';
import { errorOf, isClockSkew } from './errors.js';
import { fromTheirName, toTheirName } from './names.js';
import { ChangeResourceRecordSetsResponse, GetChangeResponse, GetHostedZoneResponse, ListHostedZonesByNameResponse, ListHostedZonesResponse, ListResourceRecordSetsResponse, type HostedZone, type ResourceRecordSet } from './schema.js';
import { signed } from './sign.js';

type Query = [name: string, value: string][];
type Call = { method: 'GET' | 'POST'; path: string; query?: Query; body?: string; safe?: boolean };
type Start = { name?: string | undefined; type?: string | undefined; identifier?: string | undefined };

export const pageSize = { recordSets: 300, atOneName: 50, zones: 100 };

/** One method per action of https://docs.aws.amazon.com/Route53/latest/APIReference/ (2013-04-01). */
export class Route53Client {
  constructor(private readonly credential: Route53Credential, private readonly ports: Pick<ProviderPorts, 'http' | 'clock'>) {}

  /** https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetHostedZone.html */
  async hostedZone(id: string, signal: AbortSignal): Promise<HostedZone> {
    return (await this.call({ method: 'GET', path: `/hostedzone/${id}` }, 'GetHostedZoneResponse', GetHostedZoneResponse, signal)).HostedZone;
  }

  /** https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZones.html; at most `pages` of 100. */
  async hostedZones(pages: number, signal: AbortSignal): Promise<{ zones: HostedZone[]; complete: boolean }> {
    const zones: HostedZone[] = [];
    let marker: string | undefined;
    for (let page = 0; page < pages; page++) {
      const query: Query = [['maxitems', String(pageSize.zones)], ...(marker === undefined ? [] : [['marker', marker] satisfies [string, string]])];
      const answer = await this.call({ method: 'GET', path: '/hostedzone', query }, 'ListHostedZonesResponse', ListHostedZonesResponse, signal);
      zones.push(...answer.HostedZones);
      if (!answer.IsTruncated) return { zones, complete: true };
      marker = next(answer.NextMarker, marker);
    }
    return { zones, complete: false };
  }

  /**
   * All zones of exactly this name. The list only *starts* there, and a private twin may stand first, so it is read on while the name is the same.
   * https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZonesByName.html
   */
  async hostedZonesNamed(name: OwnerName, signal: AbortSignal): Promise<HostedZone[]> {
    const zones: HostedZone[] = [];
    for (let from: { name: string; id?: string | undefined } = { name: toTheirName(name) }; ; ) {
      const query: Query = [['dnsname', from.name], ['maxitems', String(pageSize.zones)], ...(from.id === undefined ? [] : [['hostedzoneid', from.id] satisfies [string, string]])];
      const answer = await this.call({ method: 'GET', path: '/hostedzonesbyname', query }, 'ListHostedZonesByNameResponse', ListHostedZonesByNameResponse, signal);
      zones.push(...answer.HostedZones.filter((zone) => fromTheirName(zone.Name) === name));
      if (!answer.IsTruncated || answer.NextDNSName === undefined || fromTheirName(answer.NextDNSName) !== name) return zones;
      from = { name: answer.NextDNSName, id: next(answer.NextHostedZoneId, from.id) };
    }
  }

  /**
   * Record sets in their order (labels reversed), page by page; `start` is a position, not a filter.
   * https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html
   */
  async *recordSets(zoneId: string, start: Start, size: number, signal: AbortSignal): AsyncGenerator<ResourceRecordSet[]> {
    for (let from = start; ; ) {
      const query: Query = [['maxitems', String(size)], ...(['name', 'type', 'identifier'] as const).flatMap((key): Query => (from[key] === undefined ? [] : [[key, from[key]]]))];
      const answer = await this.call({ method: 'GET', path: `/hostedzone/${zoneId}/rrset`, query }, 'ListResourceRecordSetsResponse', ListResourceRecordSetsResponse, signal);
      yield answer.ResourceRecordSets;
      if (!answer.IsTruncated) return;
      const following: Start = { name: answer.NextRecordName, type: answer.NextRecordType, identifier: answer.NextRecordIdentifier };
      next(JSON.stringify(following.name === undefined ? undefined : following), JSON.stringify(from));
      from = following;
    }
  }

  /** https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html; all or nothing. `safe` for a batch that can have no effect. */
  async change(zoneId: string, items: readonly BatchItem[], signal: AbortSignal, safe = false): Promise<{ id: string; isInSync: boolean }> {
    const { ChangeInfo } = await this.call({ method: 'POST', path: `/hostedzone/${zoneId}/rrset/`, body: batchXml(items), safe }, 'ChangeResourceRecordSetsResponse', ChangeResourceRecordSetsResponse, signal);
    return { id: ChangeInfo.Id.replace(/^\/change\//, ''), isInSync: ChangeInfo.Status === 'INSYNC' };
  }

  /** https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetChange.html: is the change on all their name servers? */
  async isInSync(changeId: string, signal: AbortSignal): Promise<boolean> {
    return (await this.call({ method: 'GET', path: `/change/${changeId}` }, 'GetChangeResponse', GetChangeResponse, signal)).ChangeInfo.Status === 'INSYNC';
  }

  private async call<Schema extends z.ZodType>(call: Call, root: string, schema: Schema, signal: AbortSignal): Promise<z.output<Schema>> {
    const now = this.ports.clock.now();
    const first = await this.send(call, now, signal);
    const serverTime = isClockSkew(first) ? Date.parse(first.headers['date'] ?? '') : Number.NaN;
    // A refused signature had no effect: signed once more, for their clock.
    const answer = Number.isNaN(serverTime) ? first : await this.send(call, new Date(serverTime), signal);
    if (answer.status !== 200) throw errorOf(answer, { write: call.method === 'POST', now });
    const document = parseXml(answer.text);
    if (document.name !== root) throw new ProviderError('provider_protocol', { detail: `the answer is no ${root}` });
    return fitting(schema, contentOf(document));
  }

  private send({ method, path, query, body, safe }: Call, now: Date, signal: AbortSignal): Promise<HttpAnswer> {
    const { partition, ...key } = this.credential;
    const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'text/xml' };
    const request = signed({ method, host: partition.host, path: `/2013-04-01${path}`, query, headers, body }, key, { region: partition.signingRegion, service: 'route53' }, now);
    return this.ports.http.request({ method, url: request.url, headers: { ...request.headers, accept: 'text/xml' }, body, safe: safe === true || method === 'GET' }, signal);
  }
}

/** A page that leads nowhere, or back to itself, would be read for ever. */
function next<Position extends string>(position: Position | undefined, before: string | undefined): Position {
  if (position === undefined || position === before) throw new ProviderError('provider_protocol', { detail: 'the next page is not named' });
  return position;
}
