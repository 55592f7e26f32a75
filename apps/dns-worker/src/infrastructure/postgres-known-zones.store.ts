import type { DataSource } from 'typeorm';
import { suffixesOf, type OwnerName } from '@connect/domain';
import { sql, type Sql } from '@connect/storage';
import type { KnownZones } from '../ports/known-zones.port.js';
import type { LocatedZone } from '../ports/zone-work-store.port.js';

type Row = { zone_key: string; provider: string; zone_id: string; apex: string; quiet_ms: number };

export class PostgresKnownZones implements KnownZones {
  constructor(private readonly dataSource: DataSource) {}

  async find(credentialId: string, { hostname, zone }: { hostname: OwnerName; zone: string | null }): Promise<LocatedZone | null> {
    const asked = zone === null ? suffixesOf(hostname).map((name) => `apex:${name}`) : [`zone:${zone}`];
    const [row] = await sql<Row>(this.dataSource.manager, 'SELECT zone_key, provider, zone_id, apex, quiet_ms FROM known_zone WHERE credential_id = $1 AND asked = ANY($2) ORDER BY length(apex) DESC LIMIT 1', [credentialId, asked]);
    return row === undefined ? null : { zoneKey: row.zone_key, provider: row.provider, zoneId: row.zone_id, apex: row.apex, quietMs: row.quiet_ms };
  }

  async remember(tx: Sql, credentialId: string, zone: LocatedZone, asked: string | null): Promise<void> {
    await this.insert(tx, credentialId, [zone], [asked === null ? `apex:${zone.apex}` : `zone:${asked}`]);
  }

  async replace(tx: Sql, credentialId: string, zones: readonly LocatedZone[]): Promise<void> {
    await sql(tx, 'DELETE FROM known_zone WHERE credential_id = $1', [credentialId]);
    // Two zones of one name: only the caller can say which; the search refuses it as ambiguous.
    const single = zones.filter((zone) => zones.filter(({ apex }) => apex === zone.apex).length === 1);
    await this.insert(tx, credentialId, single, single.map(({ apex }) => `apex:${apex}`));
  }

  async forget(tx: Sql, credentialId: string, zoneKey: string): Promise<void> {
    await sql(tx, 'DELETE FROM known_zone WHERE credential_id = $1 AND zone_key = $2', [credentialId, zoneKey]);
  }

  private async insert(tx: Sql, credentialId: string, zones: readonly LocatedZone[], asked: string[]): Promise<void> {
    await sql(
      tx,
      `INSERT INTO known_zone (credential_id, asked, zone_key, provider, zone_id, apex, quiet_ms)
       SELECT $1, asked, zone_key, provider, zone_id, apex, quiet_ms
       FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[]) AS row (asked, zone_key, provider, zone_id, apex, quiet_ms)
       ON CONFLICT (credential_id, asked) DO UPDATE SET zone_key = excluded.zone_key, provider = excluded.provider, zone_id = excluded.zone_id, apex = excluded.apex, quiet_ms = excluded.quiet_ms, seen_at = now()`,
      [credentialId, asked, zones.map(({ zoneKey }) => zoneKey), zones.map(({ provider }) => provider), zones.map(({ zoneId }) => zoneId), zones.map(({ apex }) => apex), zones.map(({ quietMs }) => quietMs)],
    );
  }
}
