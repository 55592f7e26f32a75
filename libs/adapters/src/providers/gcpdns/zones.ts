import { ProviderError, displayName, isConnectError, ownerName, type OwnerName } from '@connect/domain';
import type { Zone } from '../../spi/index.js';
import type { GcpdnsClient } from './client.js';
import type { ManagedZone } from './schema.js';

/** The zone's id is its name in Cloud DNS: what the customer knows as `managed_zone`, and what their console shows. */
export function toZone(zone: ManagedZone): Zone {
  const reason = unpublished(zone);
  if (reason !== null) throw new ProviderError('zone_not_writable', { detail: `the zone ${reason}` });
  return { id: zone.name, apex: ownerName(zone.dnsName) };
}

/** Why nobody on the Internet sees what is written there; `null`: it is a public zone. */
export function unpublished(zone: ManagedZone): string | null {
  const isSet = (member: 'peeringConfig' | 'forwardingConfig' | 'reverseLookupConfig' | 'serviceDirectoryConfig'): boolean => zone[member] !== undefined && zone[member] !== null;
  if (zone.visibility === 'private') return 'is private: nobody on the Internet sees it';
  if (isSet('peeringConfig') || isSet('forwardingConfig')) return 'passes its questions on to others and holds no records';
  if (isSet('reverseLookupConfig') || isSet('serviceDirectoryConfig')) return 'is filled by Google Cloud itself';
  return null;
}

/** The zone's name or number in Cloud DNS, as on the user's page, or its DNS name where the account may list zones. */
export async function zoneNamed(client: GcpdnsClient, zone: string, signal: AbortSignal): Promise<Zone> {
  const text = zone.trim();
  if (/^([a-z][a-z0-9-]{0,62}|\d{1,20})$/.test(text)) return toZone(await client.managedZone(text, signal));
  const dnsName = dnsNameOf(text);
  const found = dnsName === null ? null : await zoneByName(client, dnsName, signal);
  if (found === null) throw new ProviderError('zone_not_found', { detail: 'the project has no such public zone; the zone is its name in Cloud DNS, such as example-com' });
  return found;
}

/** `null`: this is no DNS name, or one label, which is the name of a zone in Cloud DNS. */
export function dnsNameOf(text: string): OwnerName | null {
  try {
    return text.includes('.') ? ownerName(text.trim()) : null;
  } catch (error) {
    if (isConnectError(error)) return null;
    throw error;
  }
}

/** Private zones, and zones without records of their own, may have the same DNS name and are never meant. */
export async function zoneByName(client: GcpdnsClient, name: OwnerName, signal: AbortSignal): Promise<Zone | null> {
  const all = await client.managedZones(name, signal).catch((error: unknown): never => {
    if (!isConnectError(error) || error.code !== 'missing_permission') throw error;
    throw new ProviderError('missing_permission', { detail: 'the service account may not list zones (dns.managedZones.list is a right on the project): add "managed_zone" to the key' });
  });
  const [first, ...more] = all.filter((zone) => ownerName(zone.dnsName) === name && unpublished(zone) === null);
  if (first === undefined) return null;
  if (more.length > 0) throw new ProviderError('zone_ambiguous', { detail: `${more.length + 1} public zones of the project have the DNS name ${displayName(name)}: name the one that is delegated (managed_zone)` });
  return toZone(first);
}
