import type { OwnerName } from '@connect/domain';
import type { Sql } from '@connect/storage';
import type { LocatedZone } from './zone-work-store.port.js';

/** Which zones a credential was seen to reach, so that a connection costs no search. */
export interface KnownZones {
  /** The longest known zone that holds the hostname, or the one the caller named. */
  find(credentialId: string, about: { hostname: OwnerName; zone: string | null }): Promise<LocatedZone | null>;
  remember(tx: Sql, credentialId: string, zone: LocatedZone, asked: string | null): Promise<void>;
  /** All that a check saw; what was known before is forgotten. */
  replace(tx: Sql, credentialId: string, zones: readonly LocatedZone[]): Promise<void>;
  forget(tx: Sql, credentialId: string, zoneKey: string): Promise<void>;
}
