import { ConnectError } from './connect-error.js';

/** The life of a connection (docs/architecture.md). Every state but `live` and `archived` carries a reason. */
export const connectionTransitions = {
  created: ['planning', 'awaiting_customer', 'failed', 'removing'],
  awaiting_customer: ['planning', 'propagating', 'stalled', 'failed', 'removing'],
  planning: ['writing', 'awaiting_approval', 'propagating', 'awaiting_customer', 'failed', 'removing'],
  awaiting_approval: ['writing', 'planning', 'failed', 'removing'],
  writing: ['propagating', 'planning', 'awaiting_customer', 'failed', 'removing'],
  propagating: ['live', 'planning', 'stalled', 'failed', 'removing'],
  live: ['drifted', 'planning', 'removing'],
  drifted: ['live', 'planning', 'stalled', 'removing'],
  stalled: ['planning', 'awaiting_customer', 'propagating', 'live', 'removing'],
  failed: ['planning', 'awaiting_customer', 'propagating', 'live', 'removing'],
  removing: ['archived'],
  archived: [],
} as const satisfies Record<string, readonly string[]>;

export type ConnectionState = keyof typeof connectionTransitions;
export const connectionStates = Object.keys(connectionTransitions) as [ConnectionState, ...ConnectionState[]];

export function mayMove(from: ConnectionState, to: ConnectionState): boolean {
  return (connectionTransitions[from] as readonly ConnectionState[]).includes(to);
}

/** Throws `forbidden_transition` for a step that is not in the table. */
export function assertMayMove(from: ConnectionState, to: ConnectionState): void {
  if (!mayMove(from, to)) throw new ConnectError('forbidden_transition', { detail: `${from} → ${to}` });
}

/** The states in which somebody has to act, or in which nothing more will happen by itself: `Prefer: wait` ends there. */
export const settledStates = ['awaiting_customer', 'awaiting_approval', 'live', 'drifted', 'stalled', 'failed', 'archived'] as const satisfies readonly ConnectionState[];

export function isSettled(state: ConnectionState): boolean {
  return (settledStates as readonly ConnectionState[]).includes(state);
}
