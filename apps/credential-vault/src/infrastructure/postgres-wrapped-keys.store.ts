import type { DataSource } from 'typeorm';
import { affected, sql, transaction } from '@connect/storage';
import { tenantKeyPlace, transportKeyPlace, type AssociatedData } from '../keyring/associated-data.js';
import type { Envelope } from '../keyring/envelope.js';
import type { WrappedKeys } from '../ports/wrapped-keys.port.js';

type TenantRow = { tenant_id: string; version: number; wrapped: string };
type TransportRow = { kid: string; sealed_private_key: string };

export class PostgresWrappedKeys implements WrappedKeys {
  constructor(private readonly dataSource: DataSource) {}

  async samples(): Promise<{ envelope: Envelope; place: AssociatedData }[]> {
    const tenants = await sql<TenantRow>(this.dataSource.manager, 'SELECT DISTINCT ON (root_version) tenant_id, version, wrapped FROM tenant_key ORDER BY root_version, tenant_id, version');
    const transport = await sql<TransportRow>(this.dataSource.manager, 'SELECT DISTINCT ON (root_version) kid, sealed_private_key FROM transport_key ORDER BY root_version, kid');
    return [
      ...tenants.map((row) => ({ envelope: row.wrapped, place: tenantKeyPlace(row.tenant_id, row.version) })),
      ...transport.map((row) => ({ envelope: row.sealed_private_key, place: transportKeyPlace(row.kid) })),
    ];
  }

  rewrapSome(primary: number, most: number, rewrap: (envelope: Envelope, place: AssociatedData) => Promise<Envelope>): Promise<number> {
    return transaction(this.dataSource, async (tx) => {
      const transport = await sql<TransportRow>(tx, 'SELECT kid, sealed_private_key FROM transport_key WHERE root_version <> $1 LIMIT $2 FOR UPDATE SKIP LOCKED', [primary, most]);
      for (const row of transport) {
        await affected(tx, 'UPDATE transport_key SET sealed_private_key = $2 WHERE kid = $1', [row.kid, await rewrap(row.sealed_private_key, transportKeyPlace(row.kid))]);
      }
      const tenants = await sql<TenantRow>(tx, 'SELECT tenant_id, version, wrapped FROM tenant_key WHERE root_version <> $1 LIMIT $2 FOR UPDATE SKIP LOCKED', [primary, most]);
      for (const row of tenants) {
        await affected(tx, 'UPDATE tenant_key SET wrapped = $3 WHERE tenant_id = $1 AND version = $2', [row.tenant_id, row.version, await rewrap(row.wrapped, tenantKeyPlace(row.tenant_id, row.version))]);
      }
      return transport.length + tenants.length;
    });
  }
}
