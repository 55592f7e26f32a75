import type { DataSource } from 'typeorm';
import { ConnectError } from '@connect/domain';
import { affected, sql } from '@connect/storage';
import type { LeaseAsk, LeaseGrant, LeaseLedger } from '../ports/lease-ledger.port.js';

/**
 * Finds the credential, takes the lease and writes the audit in one statement, which is one transaction and one round trip: the audit is
 * committed before the credential leaves the database, also when the answer is no. Planning it takes Postgres 0.5 ms, running it 0.15 ms, so it is well that statements are prepared.
 */
const grantLease = `
  WITH found AS (
    SELECT credential.version, credential.sealed, credential.provider, tenant_key.version AS key_version, tenant_key.wrapped
    FROM credential JOIN tenant_key ON tenant_key.tenant_id = credential.tenant_id AND tenant_key.version = credential.tenant_key_version
    WHERE credential.credential_id = $4 AND credential.tenant_id = $2 AND credential.application_id = $3
  ), granted AS (
    INSERT INTO lease (worker_key, lease_id, expires_at)
    SELECT $10, $11::uuid, now() + make_interval(secs => $12) FROM found WHERE found.provider = $5
    ON CONFLICT (worker_key) DO NOTHING
    RETURNING lease_id
  ), noted AS (
    INSERT INTO audit (id, tenant_id, application_id, credential_id, provider, purpose, zone, fence, connections, action, version, lease_id)
    SELECT $1::uuid, $2, $3, $4, $5, $6, $7, $8, $9::text[], CASE WHEN granted.lease_id IS NULL THEN 'lease_refused' ELSE 'leased' END, found.version, granted.lease_id
    FROM (SELECT) AS asked LEFT JOIN found ON true LEFT JOIN granted ON true
  )
  SELECT found.version, found.provider = $5 AS "isSameProvider", granted.lease_id IS NOT NULL AS "isGranted", floor(extract(epoch FROM now()))::integer AS "issuedAtSeconds",
         CASE WHEN granted.lease_id IS NOT NULL THEN found.sealed END AS sealed, found.key_version AS "keyVersion", found.wrapped
  FROM (SELECT) AS asked LEFT JOIN found ON true LEFT JOIN granted ON true`;

type GrantRow = { version: number | null; isSameProvider: boolean | null; isGranted: boolean; issuedAtSeconds: number; sealed: string | null; keyVersion: number | null; wrapped: string | null };

export class PostgresLeaseLedger implements LeaseLedger {
  constructor(private readonly dataSource: DataSource) {}

  async grant(ask: LeaseAsk): Promise<LeaseGrant> {
    const { terms } = ask;
    const values = [
      ask.auditId, terms.tenant_id, terms.application_id, terms.credential_id, terms.provider, terms.purpose, terms.zone, terms.fence, [...terms.connections],
      ask.workerKey, ask.leaseId, ask.lifetimeSeconds,
    ];
    const [row] = await sql<GrantRow>(this.dataSource.manager, grantLease, values);
    if (row === undefined) throw new ConnectError('internal', { detail: 'The ledger of leases did not answer.' });
    if (row.version === null) return { granted: false, code: 'not_found' };
    if (row.isSameProvider !== true) return { granted: false, code: 'provider_mismatch' };
    if (!row.isGranted || row.sealed === null || row.keyVersion === null || row.wrapped === null) return { granted: false, code: 'lease_used' };
    return { granted: true, version: row.version, sealed: row.sealed, tenantKey: { version: row.keyVersion, wrapped: row.wrapped }, issuedAtSeconds: row.issuedAtSeconds };
  }

  async refuse({ auditId, terms }: Pick<LeaseAsk, 'auditId' | 'terms'>): Promise<void> {
    await affected(
      this.dataSource.manager,
      `INSERT INTO audit (id, tenant_id, application_id, credential_id, provider, purpose, zone, fence, connections, action) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'lease_refused')`,
      [auditId, terms.tenant_id, terms.application_id, terms.credential_id, terms.provider, terms.purpose, terms.zone, terms.fence, [...terms.connections]],
    );
  }
}
