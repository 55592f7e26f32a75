import { z } from 'zod';
import { ConflictPolicy, Detection, VerdictProjection, WireReason, WireRecordSet } from '@connect/contracts';
import { connectionStates, displayName, ownerName } from '@connect/domain';
import { setupTypes, type Connection } from '../../connections/connection.js';

export const ConnectionView = z.object({
  id: z.string(),
  application_id: z.string(),
  hostname: z.string(),
  apex: z.string(),
  state: z.enum(connectionStates),
  /** null in `live` and `archived` only. */
  reason: WireReason.nullable(),
  setup_type: z.enum(setupTypes).nullable(),
  provider: z.string().nullable(),
  credential_id: z.string().nullable(),
  customer_reference: z.string().nullable(),
  zone: z.string().nullable(),
  records: z.array(WireRecordSet),
  template_version: z.int().nullable(),
  conflict_policy: ConflictPolicy,
  reference: z.string().nullable(),
  group_reference: z.string().nullable(),
  generation: z.int(),
  sequence: z.int(),
  plan_id: z.string().nullable(),
  detection: Detection.nullable(),
  verdict: VerdictProjection.nullable(),
  removed: z.array(WireRecordSet).nullable(),
  /** What our records once replaced and what is not put back by removing. */
  not_restored: z.array(WireRecordSet).nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
}).meta({ id: 'Connection' });
export type ConnectionView = z.infer<typeof ConnectionView>;

export function connectionView(connection: Connection): ConnectionView {
  return {
    id: connection.id, application_id: connection.application_id, hostname: displayName(ownerName(connection.hostname)), apex: displayName(ownerName(connection.apex)), state: connection.state, reason: connection.reason,
    setup_type: connection.setup, provider: connection.provider, credential_id: connection.credential_id, customer_reference: connection.customer_reference, zone: connection.zone, records: connection.record_sets,
    template_version: connection.template_version, conflict_policy: connection.conflict_policy, reference: connection.reference, group_reference: connection.group_reference, generation: connection.generation,
    sequence: connection.sequence, plan_id: connection.plan_id, detection: connection.detection, verdict: connection.verdict, removed: connection.removal?.removed ?? null, not_restored: connection.removal?.not_restored ?? null,
    created_at: connection.created_at.toISOString(), updated_at: connection.updated_at.toISOString(),
  };
}
