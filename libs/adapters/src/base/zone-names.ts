import { ProviderError, displayName, isWithin, ownerName, suffixesOf, type OwnerName } from '@connect/domain';
import type { Zone, ZoneSearch } from '../spi/index.js';

/**
 * The names that the zone of a search may have, longest first: from the host name (a wildcard is never one) up to the apex. Where the caller
 * named the zone only that, and not even that if the host name is not in it.
 */
export function zoneNames({ hostname, apex, zone }: ZoneSearch): OwnerName[] {
  if (zone !== null) return [ownerName(zone)].filter((name) => isWithin(hostname, name));
  return suffixesOf(hostname).filter((name) => isWithin(name, apex) && !name.startsWith('*.'));
}

/** Asks for one name after the other; sub-domains can be zones of their own, so the longest wins. Throws `zone_not_found`. */
export async function findZoneByName(search: ZoneSearch, lookUp: (name: OwnerName) => Promise<Zone | null>): Promise<Zone> {
  for (const name of zoneNames(search)) {
    const found = await lookUp(name);
    if (found !== null) return found;
  }
  throw noZoneFor(search);
}

export function noZoneFor({ hostname }: Pick<ZoneSearch, 'hostname'>): ProviderError {
  return new ProviderError('zone_not_found', { detail: `the account has no zone for ${displayName(hostname)}` });
}
