import type { DataSource } from 'typeorm';
import type { PlanProjection } from '@connect/contracts';
import { sql, type Sql } from '@connect/storage';
import type { Approved } from '../plan/is-allowed.js';
import type { Plan } from '../plan/plan.js';
import type { KeptPlan, Plans } from '../ports/records.port.js';
import type { ZoneWork } from '../zone-work/zone-work.js';

export class PostgresPlans implements Plans {
  constructor(private readonly dataSource: DataSource) {}

  async keep(tx: Sql, work: ZoneWork, { projection, plan }: KeptPlan): Promise<void> {
    await sql(
      tx,
      'INSERT INTO change_plan (id, tenant_id, connection_id, generation, kind, hash, projection, plan) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING',
      [projection.id, work.tenantId, work.connectionId, work.generation, work.kind, projection.hash, JSON.stringify(projection), JSON.stringify(plan)],
    );
  }

  async approved(connectionId: string, { plan_id, hash }: { plan_id: string; hash: string }): Promise<Approved | null> {
    const [row] = await sql<{ projection: PlanProjection; plan: Plan }>(this.dataSource.manager, 'SELECT projection, plan FROM change_plan WHERE id = $1 AND connection_id = $2 AND hash = $3', [plan_id, connectionId, hash]);
    return row === undefined ? null : { consequences: row.projection.consequences, foreign: row.plan.foreign };
  }
}
