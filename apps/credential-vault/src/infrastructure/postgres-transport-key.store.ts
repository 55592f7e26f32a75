import type { DataSource } from 'typeorm';
import { PublicJwk } from '@connect/sealing';
import { affected, sql, transaction } from '@connect/storage';
import type { StoredTransportKey, TransportKeyStore } from '../ports/transport-key-store.port.js';

type Row = { kid: string; public_jwk: unknown; sealed_private_key: string };

export class PostgresTransportKeyStore implements TransportKeyStore {
  constructor(private readonly dataSource: DataSource) {}

  async accepted(): Promise<StoredTransportKey[]> {
    const rows = await sql<Row>(
      this.dataSource.manager,
      'SELECT kid, public_jwk, sealed_private_key FROM transport_key WHERE accepted_until IS NULL OR accepted_until > now() ORDER BY created_at DESC, kid',
    );
    return rows.map((row) => ({ kid: row.kid, publicJwk: PublicJwk.parse(row.public_jwk), sealedPrivateKey: row.sealed_private_key }));
  }

  async isDue(rotateAfterSeconds: number): Promise<boolean> {
    const fresh = await sql(this.dataSource.manager, 'SELECT 1 FROM transport_key WHERE created_at > now() - make_interval(secs => $1) LIMIT 1', [rotateAfterSeconds]);
    return fresh.length === 0;
  }

  rotate(candidate: StoredTransportKey, rotateAfterSeconds: number, acceptForSeconds: number): Promise<boolean> {
    return transaction(this.dataSource, async (tx) => {
      await sql(tx, "SELECT pg_advisory_xact_lock(hashtextextended('rotation of transport keys', 0))");
      const added = await affected(
        tx,
        `INSERT INTO transport_key (kid, public_jwk, sealed_private_key)
         SELECT $1, $2::jsonb, $3 WHERE NOT EXISTS (SELECT 1 FROM transport_key WHERE created_at > now() - make_interval(secs => $4))`,
        [candidate.kid, JSON.stringify(candidate.publicJwk), candidate.sealedPrivateKey, rotateAfterSeconds],
      );
      if (added === 0) return false;
      await affected(tx, 'UPDATE transport_key SET accepted_until = now() + make_interval(secs => $2) WHERE kid <> $1 AND accepted_until IS NULL', [candidate.kid, acceptForSeconds]);
      await affected(tx, 'DELETE FROM transport_key WHERE accepted_until < now()');
      return true;
    });
  }
}
