import { ProviderError, displayName, isConnectError, isWithin, ownerName, type OwnerName } from '@connect/domain';
import { findZoneByName, noZoneFor } from '../../base/index.js';
import type { Zone, ZoneSearch } from '../../spi/index.js';
import type { AzurednsClient } from './client.js';
import type { AzurednsCredential } from './credential.js';
import type { ZoneAnswer } from './schema.js';

/** The zone's id is its name: in a resource group there is one of each name. */
export function toZone({ name }: Pick<ZoneAnswer, 'name'>): Zone {
  return { id: name, apex: ownerName(name) };
}

/** Zones of this kind were private once, before those became resources of their own (2019); nobody on the Internet sees them. */
export function isPublic({ properties }: ZoneAnswer): boolean {
  return (properties.zoneType ?? 'Public').toLowerCase() === 'public';
}

/** Asks for one name after the other, longest first. An application with a role on one zone is refused at all others, whether they exist or not. */
export async function zoneOf(client: AzurednsClient, search: ZoneSearch, signal: AbortSignal): Promise<Zone> {
  let refusal: ProviderError | null = null;
  const lookUp = async (name: OwnerName): Promise<Zone | null> => {
    try {
      const found = await client.zone(displayName(name), signal);
      return isPublic(found) ? toZone(found) : null;
    } catch (error) {
      if (!(error instanceof ProviderError) || (error.code !== 'zone_not_found' && error.code !== 'missing_permission') || isElsewhere(error)) throw error;
      if (error.code === 'missing_permission') refusal = error;
      return null;
    }
  };
  return findZoneByName(search, lookUp).catch((error: unknown): never => {
    throw refusal !== null && isConnectError(error) && error.code === 'zone_not_found' && !isElsewhere(error) ? refusal : error;
  });
}

/** The subscription or the resource group is wrong: no other name would be found. */
function isElsewhere({ detail = '' }: { detail?: string }): boolean {
  return /subscription_id|resource_group/.test(detail);
}

/** The zone that the caller named, by its name or its whole resource id. Throws `zone_not_found`, `zone_not_writable`. */
export async function namedZone(client: AzurednsClient, zone: string, credential: Pick<AzurednsCredential, 'subscriptionId' | 'resourceGroup'>, signal: AbortSignal): Promise<Zone> {
  const found = await client.zone(displayName(nameOf(zone.trim(), credential)), signal);
  if (!isPublic(found)) throw new ProviderError('zone_not_writable', { detail: 'the zone is private: nobody on the Internet sees it' });
  return toZone(found);
}

export async function namedZoneFor(client: AzurednsClient, search: ZoneSearch & { zone: string }, credential: Pick<AzurednsCredential, 'subscriptionId' | 'resourceGroup'>, signal: AbortSignal): Promise<Zone> {
  const named = await namedZone(client, search.zone, credential, signal);
  if (isWithin(search.hostname, named.apex)) return named;
  throw noZoneFor(search);
}

function nameOf(zone: string, { subscriptionId, resourceGroup }: Pick<AzurednsCredential, 'subscriptionId' | 'resourceGroup'>): OwnerName {
  const [, subscription, group, name] = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Network\/dnsZones\/([^/]+)\/?$/i.exec(zone) ?? [];
  if (name === undefined && /\/privateDnsZones\//i.test(zone)) throw new ProviderError('zone_not_writable', { detail: 'the zone is private: nobody on the Internet sees it' });
  const isOther = (given: string | undefined, ours: string): boolean => given !== undefined && given.toLowerCase() !== ours.toLowerCase();
  if (isOther(subscription, subscriptionId) || isOther(group, resourceGroup)) throw new ProviderError('zone_not_found', { detail: 'the zone is in another subscription or resource group than the credential' });
  try {
    return ownerName(name ?? zone);
  } catch (error) {
    if (!isConnectError(error)) throw error;
    throw new ProviderError('zone_not_found', { detail: 'the zone is its name, such as example.com, or its whole resource id' });
  }
}
