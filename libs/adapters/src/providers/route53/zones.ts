import { ProviderError, isConnectError } from '@connect/domain';
import type { Zone } from '../../spi/index.js';
import type { Route53Client } from './client.js';
import { fromTheirName } from './names.js';
import type { HostedZone } from './schema.js';

/** Throws `zone_not_writable` for what the customer cannot publish with, `provider_unavailable` while AWS has locked the zone. */
export function toZone(zone: HostedZone): Zone {
  if (zone.Config?.PrivateZone === true) throw isPrivate();
  if (zone.LinkedService) throw new ProviderError('zone_not_writable', { detail: 'the hosted zone belongs to another AWS service, which alone may change it' });
  if (zone.Features?.AcceleratedRecoveryStatus?.endsWith('_LOCKED') === true) throw new ProviderError('provider_unavailable', { detail: 'AWS has locked the hosted zone while accelerated recovery is switched' });
  return { id: zone.Id.replace(/^\/hostedzone\//, ''), apex: fromTheirName(zone.Name) };
}

/**
 * The user's page asks for "ListResourceRecordSets / GetHostedZone", and some give only the first: then the zone's first record set is asked for, which
 * is always at the apex.
 */
export async function zoneById(client: Route53Client, id: string, signal: AbortSignal): Promise<Zone> {
  try {
    return toZone(await client.hostedZone(id, signal));
  } catch (error) {
    if (!isConnectError(error) || error.code !== 'missing_permission') throw error;
    return zoneByRecordSets(client, id, signal);
  }
}

/** Private zones name these four, which no public one has; seen in every private zone, not documented (2026-11). */
const privateNameServer = 'ns-1536.awsdns-00.co.uk';

async function zoneByRecordSets(client: Route53Client, id: string, signal: AbortSignal): Promise<Zone> {
  for await (const [first, ...others] of client.recordSets(id, {}, 20, signal)) {
    if (first === undefined) break;
    const nameServers = [first, ...others].find((set) => set.Type === 'NS' && set.Name === first.Name)?.ResourceRecords ?? [];
    if (nameServers.some((name) => name.replace(/\.$/, '') === privateNameServer)) throw isPrivate();
    return { id, apex: fromTheirName(first.Name) };
  }
  throw new ProviderError('provider_protocol', { detail: 'a hosted zone without record sets' });
}

function isPrivate(): ProviderError {
  return new ProviderError('zone_not_writable', { detail: 'the hosted zone is private: nobody on the Internet sees it' });
}
