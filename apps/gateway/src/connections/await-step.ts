import { applyConnection, detectDomain, removeConnection, undoReceipt, watchConnection } from '@connect/contracts';
import type { ConnectionLife } from './connection-life.js';
import type { AwaitedStep, Connection } from './connection.js';

/** Sends the command of a step and remembers that its fact is awaited, so that the sweeper can send it again under the same business key. */
export function awaitStep(life: ConnectionLife, step: AwaitedStep, how: { dense: boolean } = { dense: false }): void {
  life.set({ awaited: step });
  sendStep(life, step, how);
}

/** The command of a step, made from the connection alone: sent again it is the same but for its message id. */
export function sendStep(life: ConnectionLife, step: AwaitedStep, how: { dense: boolean } = { dense: false }): void {
  const connection = life.connection;
  const { hostname, apex, application_id, zone } = connection;
  switch (step) {
    case 'detect':
      return life.send(detectDomain, { hostname, apex });
    case 'apply':
      return sendWrite(life, connection);
    case 'watch':
      return life.send(watchConnection, { hostname, apex, expectation: 'present', record_sets: connection.record_sets, dense: how.dense });
    case 'remove':
      return life.send(removeConnection, { application_id, hostname, provider: connection.provider, credential_id: connection.credential_id, zone, keep_records: connection.keep_records });
    case 'watch_absent':
      return life.send(watchConnection, { hostname, apex, expectation: 'absent', record_sets: absentSets(connection), dense: how.dense });
  }
}

/** A removal is done when what it took away is gone; a quarantine when nothing of the connection is left, whoever set it. */
function absentSets({ state, removal, record_sets }: Connection): Connection['record_sets'] {
  return state === 'removing' && removal !== null ? removal.removed : record_sets;
}

function sendWrite(life: ConnectionLife, connection: Connection): void {
  const { application_id, hostname, provider, credential_id, zone, intent } = connection;
  if (provider === null || credential_id === null) return;
  const target = { application_id, hostname, provider, credential_id, zone };
  if (intent.kind === 'undo') return life.send(undoReceipt, { ...target, receipt_id: intent.receipt_id, approval: intent.approval });
  life.send(applyConnection, { ...target, record_sets: connection.record_sets, conflict_policy: connection.conflict_policy, approval: intent.approval, lane: 'interactive' });
}
