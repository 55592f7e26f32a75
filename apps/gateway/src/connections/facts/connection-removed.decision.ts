import { unwatchConnection, type connectionRemoved, type DataOf } from '@connect/contracts';
import { reasonOf } from '@connect/domain';
import { awaitStep } from '../await-step.js';
import type { ConnectionLife } from '../connection-life.js';

/** Ours is gone at the provider (or was let go). What was taken away has to be seen absent before the connection ends. */
export function onConnectionRemoved(life: ConnectionLife, { removed, not_restored, kept }: DataOf<typeof connectionRemoved>): void {
  if (life.state !== 'removing') return;
  life.set({ removal: { removed, not_restored } });
  if (kept || removed.length === 0) return endConnection(life);
  life.note(reasonOf('removing_records', { detail: 'the records are removed; the name servers do not all show it yet' }));
  life.expectWithin(600_000);
  awaitStep(life, 'watch_absent', { dense: true });
}

/** The end of every connection: nobody looks any more, and the claim goes into quarantine or ends. */
export function endConnection(life: ConnectionLife): void {
  life.move('archived', null);
  life.set({ awaited: null });
  life.claim('end');
  life.send(unwatchConnection, {});
}
