import type { Connection, ConnectionChanges } from '../connections/connection.js';

/** Every column of table `connection`, and who writes it after the insertion: a change, or nobody (`updated_at`: the database). `satisfies` keeps the list complete. */
const columnKinds = {
  id: 'fixed', tenant_id: 'fixed', application_id: 'fixed', hostname: 'fixed', apex: 'fixed', state: 'changed', reason: 'changed', sequence: 'changed', generation: 'changed', intent: 'changed', awaited: 'changed',
  requested_setup: 'changed', setup: 'changed', provider: 'changed', credential_id: 'changed', customer_reference: 'changed', zone: 'changed', record_sets: 'changed', template_version: 'changed', variables: 'changed',
  conflict_policy: 'changed', reference: 'changed', group_reference: 'changed', may_have_written: 'changed', keep_records: 'changed', plan_id: 'changed', plan_made_at: 'changed', detection: 'changed', verdict: 'changed',
  removal: 'changed', next_step_due_at: 'changed', progress_at: 'changed', created_at: 'fixed', updated_at: 'fixed',
} as const satisfies Record<keyof Connection, 'fixed' | 'changed'> & Record<Exclude<keyof ConnectionChanges, 'updated_at'>, 'changed'>;

const columns = Object.entries(columnKinds);
export const selectedColumns = columns.map(([column]) => `connection.${column}`).join(', ');
/** For `UPDATE connection SET`, from a row named `asked`. */
export const changedColumns = columns.filter(([, kind]) => kind === 'changed').map(([column]) => `${column} = asked.${column}`).join(', ');
