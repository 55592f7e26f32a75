import type { Connection } from '../connections/connection.js';

/** Every column of table `connection`; `satisfies` keeps the list complete. */
const columnKinds = {
  id: 'plain', tenant_id: 'plain', application_id: 'plain', hostname: 'plain', apex: 'plain', state: 'plain', reason: 'json', sequence: 'plain', generation: 'plain', intent: 'json', awaited: 'plain',
  requested_setup: 'plain', setup: 'plain', provider: 'plain', credential_id: 'plain', customer_reference: 'plain', zone: 'plain', record_sets: 'json', template_version: 'plain', variables: 'json',
  conflict_policy: 'plain', reference: 'plain', group_reference: 'plain', may_have_written: 'plain', keep_records: 'plain', plan_id: 'plain', plan_made_at: 'plain', detection: 'json', verdict: 'json',
  removal: 'json', next_step_due_at: 'plain', progress_at: 'plain', created_at: 'plain', updated_at: 'plain',
} as const satisfies Record<keyof Connection, 'plain' | 'json'>;

export type ConnectionColumn = keyof typeof columnKinds;
export const selectedColumns = (Object.keys(columnKinds) as ConnectionColumn[]).map((column) => `connection.${column}`).join(', ');

/** A column's value as a parameter: json as text, since the driver would make an array of an array. */
export function parameterOf(column: ConnectionColumn, value: unknown): unknown {
  return columnKinds[column] === 'json' && value !== null && value !== undefined ? JSON.stringify(value) : (value ?? null);
}
