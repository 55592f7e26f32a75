import type { Zone } from '@connect/adapters/spi';
import { isWithin, ownerName, parseHostname } from '@connect/domain';
import type { KnownZones } from '../ports/known-zones.port.js';
import type { LocatedZone } from '../ports/zone-work-store.port.js';
import type { ProviderSession } from '../zone-turn/provider-sessions.js';

export type Asked = { hostname: string; zone: string | null };

/** Asks the provider which zone holds the hostname. Throws `zone_not_found`, `zone_ambiguous`, and what the provider refuses with. */
export async function locate(session: ProviderSession, { hostname, zone }: Asked): Promise<LocatedZone> {
  const parsed = parseHostname(hostname);
  return locatedZone(session, await session.adapter.findZone({ hostname: parsed.ownerName, apex: parsed.apex, zone }, session.signal));
}

/** The key of a zone: provider and the provider's zone id, over all tenants; where the credential names the server, the server as well. */
export function locatedZone({ descriptor, place }: Pick<ProviderSession, 'descriptor' | 'place'>, zone: Zone): LocatedZone {
  const at = place === '' ? '' : ` @${place}`;
  return { zoneKey: `${descriptor.id} ${zone.id}${at}`, provider: descriptor.id, zoneId: zone.id, apex: zone.apex, quietMs: descriptor.callTimeoutMs + descriptor.settleTimeMs };
}

/** One search serves the neighbours: what is delegated below the zone shows when it is read. */
export function servedBy(found: readonly { zone: LocatedZone; asked: string | null }[], { hostname, zone }: Asked): LocatedZone | null {
  const name = ownerName(hostname);
  const fitting = found.filter((each) => each.asked === zone && isWithin(name, ownerName(each.zone.apex)));
  return fitting.sort((a, b) => b.zone.apex.length - a.zone.apex.length)[0]?.zone ?? null;
}

export function knownZone(zones: KnownZones, credentialId: string, { hostname, zone }: Asked): Promise<LocatedZone | null> {
  return zones.find(credentialId, { hostname: ownerName(hostname), zone });
}
