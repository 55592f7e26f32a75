import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql, type Sql } from '@connect/storage';
import type { ClaimStep } from '../connections/connection-life.js';
import type { Connection } from '../connections/connection.js';
import { wasSeenAbsent } from '../connections/seen-absent.js';
import { ClaimStore, type Claim, type Claimant } from '../ports/claim-store.port.js';

@Injectable()
export class PostgresClaimStore extends ClaimStore {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  async take(tx: Sql, claimants: readonly Claimant[]): Promise<Set<string>> {
    const refused = new Set<string>();
    const proven = await this.proveHeld(tx, claimants.filter(({ claimSteps }) => claimSteps.join() === 'hold,prove').map(({ connection }) => connection.id));
    for (const { connection, claimSteps } of claimants) {
      if (proven.has(connection.id)) continue;
      for (const step of claimSteps) {
        if ((await this.takeOne(tx, connection, step)) === 'taken') continue;
        refused.add(connection.id);
        break;
      }
    }
    return refused;
  }

  async find(connectionId: string): Promise<Claim | null> {
    const [claim] = await sql<Claim>(this.dataSource.manager, 'SELECT state, proven_at, reserved_until, quarantined_at, absent_since FROM claim WHERE connection_id = $1', [connectionId]);
    return claim ?? null;
  }

  async proveLate(tx: Sql, connection: Connection): Promise<void> {
    const { id, tenant_id, hostname } = connection;
    const [claim] = await sql<{ proven_at: Date | null }>(tx, 'SELECT proven_at FROM claim WHERE connection_id = $1', [id]);
    if (claim === undefined || claim.proven_at !== null || (await this.hold(tx, id, tenant_id, hostname)) === 'claimed') return;
    await this.proveHeld(tx, [id]);
    if (connection.state === 'archived') await this.end(tx, id, wasSeenAbsent(connection));
  }

  /** Only what the quarantine asked for counts: until its first look the verifier tells of the removal's. */
  async sawAbsence(tx: Sql, connectionId: string): Promise<'kept' | 'ended'> {
    const [claim] = await sql<{ state: string }>(
      tx,
      `UPDATE claim SET
         state = CASE WHEN absent_since <= now() - interval '24 hours' THEN 'released' ELSE state END,
         absent_since = coalesce(absent_since, now())
       WHERE connection_id = $1 AND state = 'quarantined' AND next_look_at > quarantined_at + interval '24 hours' RETURNING state`,
      [connectionId],
    );
    return claim?.state === 'released' ? 'ended' : 'kept';
  }

  async releaseUnproven(tx: Sql): Promise<void> {
    await sql(tx, "UPDATE claim SET state = 'released' WHERE state = 'reserved' AND reserved_until < now()");
  }

  async lockQuarantinedToLookAt(tx: Sql, limit: number): Promise<{ connectionId: string; tenantId: string }[]> {
    return sql(
      tx,
      `UPDATE claim SET next_look_at = now() + interval '24 hours'
       WHERE connection_id IN (SELECT connection_id FROM claim WHERE state = 'quarantined' AND next_look_at <= now() ORDER BY next_look_at LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING connection_id AS "connectionId", tenant_id AS "tenantId"`,
      [limit],
    );
  }

  /** The usual proof, of a claim that is held already. Gives whose claims these were. */
  private async proveHeld(tx: Sql, connectionIds: string[]): Promise<Set<string>> {
    if (connectionIds.length === 0) return new Set();
    const proven = await sql<{ connection_id: string }>(tx, "UPDATE claim SET proven_at = coalesce(proven_at, now()) WHERE connection_id = ANY($1::text[]) AND state = 'held' RETURNING connection_id", [connectionIds]);
    return new Set(proven.map(({ connection_id }) => connection_id));
  }

  private async takeOne(tx: Sql, connection: Connection, step: ClaimStep): Promise<'taken' | 'claimed'> {
    const { id, tenant_id, hostname } = connection;
    switch (step) {
      case 'hold':
        return this.hold(tx, id, tenant_id, hostname);
      case 'let_down':
        await sql(tx, "UPDATE claim SET state = 'reserved', reserved_until = now() + interval '7 days' WHERE connection_id = $1 AND state = 'held' AND proven_at IS NULL", [id]);
        return 'taken';
      case 'prove':
        await this.proveHeld(tx, [id]);
        return 'taken';
      case 'end':
        await this.end(tx, id, wasSeenAbsent(connection));
        return 'taken';
    }
  }

  /** A race against another holder ends in the partial unique index: the transaction is refused and made again. */
  private async hold(tx: Sql, id: string, tenantId: string, hostname: string): Promise<'taken' | 'claimed'> {
    const own = await sql<{ state: string }>(tx, 'SELECT state FROM claim WHERE connection_id = $1', [id]);
    if (own[0]?.state === 'held') return 'taken';
    await this.giveUpQuarantine(tx, tenantId, hostname, true);
    const [other] = await sql<{ connection_id: string }>(
      tx,
      `SELECT connection_id FROM claim WHERE connection_id <> $1 AND hostname = $2 AND (state IN ('held', 'quarantined') OR (state = 'reserved' AND tenant_id = $3)) LIMIT 1`,
      [id, hostname, tenantId],
    );
    if (other !== undefined) return 'claimed';
    await sql(
      tx,
      `INSERT INTO claim (connection_id, tenant_id, hostname, state) VALUES ($1, $2, $3, 'held')
       ON CONFLICT (connection_id) DO UPDATE SET state = 'held', reserved_until = NULL`,
      [id, tenantId, hostname],
    );
    return 'taken';
  }

  async giveUpQuarantine(tx: Sql, tenantId: string, hostname: string, withProof: boolean): Promise<number> {
    const given = await sql<{ connection_id: string }>(
      tx,
      `UPDATE claim SET state = 'released' WHERE hostname = $1 AND state = 'quarantined' AND (tenant_id = $2 OR ($3 AND quarantined_at < now() - interval '30 days')) RETURNING connection_id`,
      [hostname, tenantId, withProof],
    );
    return given.length;
  }

  /** What was proven is quarantined while the DNS may still point here; everything else is free at once. */
  private async end(tx: Sql, id: string, seenAbsent: boolean): Promise<void> {
    await sql(
      tx,
      `UPDATE claim SET
         state = CASE WHEN state = 'held' AND proven_at IS NOT NULL THEN 'quarantined' ELSE 'released' END,
         quarantined_at = now(), absent_since = CASE WHEN $2 THEN now() END, next_look_at = now() + interval '24 hours'
       WHERE connection_id = $1 AND state <> 'released'`,
      [id, seenAbsent],
    );
  }
}
