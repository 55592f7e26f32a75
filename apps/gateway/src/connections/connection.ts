import type { ConflictPolicy, Detection, VerdictProjection, WireRecordSet } from '@connect/contracts';
import type { ConnectionState, Reason } from '@connect/domain';

export const setupTypes = ['automatic', 'domain_connect', 'manual'] as const;
export type SetupType = (typeof setupTypes)[number];

/** What the running generation is about; the command of a step is made from it again whenever it has to be sent again. */
export type Intent =
  | { kind: 'apply'; approval: Approval | null }
  | { kind: 'undo'; receipt_id: string; approval: Approval | null };
export type Approval = { plan_id: string; hash: string };

/** What a removal took away and what it did not put back. */
export type Removal = { removed: WireRecordSet[]; not_restored: WireRecordSet[] };

/** What is awaited of somebody else: the sweeper sends its command again when `next_step_due_at` is over. */
export type AwaitedStep = 'detect' | 'apply' | 'watch' | 'remove' | 'watch_absent';

/** One domain bound to one application. The properties are the columns of table `connection`, so that there is one form inside. */
export type Connection = {
  id: string;
  tenant_id: string;
  application_id: string;
  /** A-labels with final dot. */
  hostname: string;
  apex: string;
  state: ConnectionState;
  reason: Reason | null;
  sequence: number;
  generation: number;
  intent: Intent;
  awaited: AwaitedStep | null;
  requested_setup: SetupType | null;
  setup: SetupType | null;
  provider: string | null;
  credential_id: string | null;
  customer_reference: string | null;
  zone: string | null;
  record_sets: WireRecordSet[];
  template_version: number | null;
  variables: Record<string, string>;
  conflict_policy: ConflictPolicy;
  reference: string | null;
  group_reference: string | null;
  /** Was a command issued that may write? Then a removal has to ask the worker. */
  may_have_written: boolean;
  keep_records: boolean;
  plan_id: string | null;
  plan_made_at: Date | null;
  detection: Detection | null;
  verdict: VerdictProjection | null;
  removal: Removal | null;
  next_step_due_at: Date | null;
  progress_at: Date;
  created_at: Date;
  updated_at: Date;
};
export type ConnectionChanges = Partial<Omit<Connection, 'id' | 'tenant_id' | 'application_id' | 'hostname' | 'apex' | 'created_at'>>;
