import type { Lane, WorkKind, ZoneWork } from '../zone-work/zone-work.js';

/** A row of `zone_work` as the driver gives it. */
export type WorkRow = {
  id: string; connection_id: string; generation: number; kind: WorkKind; tenant_id: string; data: unknown; causation_id: string; traceparent: string | null;
  lane: number; zone_key: string | null; attempts: number; alone: boolean; partly: boolean; doubted: boolean;
};
export const workColumns = 'id, connection_id, generation, kind, tenant_id, data, causation_id, traceparent, lane, zone_key, attempts, alone, partly, doubted';

/** The data fitted the command's schema when the transport took it, and only this service writes the table. */
export function workOf<Work extends ZoneWork = ZoneWork>(row: WorkRow): Work {
  return {
    id: row.id, kind: row.kind, data: row.data, tenantId: row.tenant_id, connectionId: row.connection_id, generation: row.generation, causationId: row.causation_id,
    lane: row.lane as Lane, zoneKey: row.zone_key, attempts: row.attempts, alone: row.alone, partly: row.partly, doubted: row.doubted, traceparent: row.traceparent,
  } as Work;
}
