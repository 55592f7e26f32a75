import { unwatchConnection, type changesApplied, type DataOf } from '@connect/contracts';
import { reasonOf } from '@connect/domain';
import { awaitStep } from '../await-step.js';
import type { ConnectionLife } from '../connection-life.js';

/**
 * The write was read back: the ownership is proven. The fact may overtake `plan-made`; then the connection walks the missed states with their events.
 */
export function onChangesApplied(life: ConnectionLife, { receipt }: DataOf<typeof changesApplied>): void {
  if (!['planning', 'awaiting_approval', 'writing', 'propagating'].includes(life.state)) return;
  life.claim('hold');
  life.claim('prove');
  if (life.state === 'propagating') return;
  if (life.state !== 'writing') life.move('writing', reasonOf('writing_records'));
  if (receipt.kind === 'undo') return afterUndo(life);
  life.move('propagating', reasonOf('waiting_for_publication'));
  awaitStep(life, 'watch', { dense: true });
}

/** What was undone shall not be written or watched again until somebody asks for it. */
function afterUndo(life: ConnectionLife): void {
  life.move('awaiting_customer', reasonOf('records_absent', { detail: 'the last change was undone' }));
  life.set({ awaited: null });
  life.expectWithin(null);
  life.send(unwatchConnection, {});
}
