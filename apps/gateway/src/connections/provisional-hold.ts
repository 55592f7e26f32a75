import type { ConnectionLife } from './connection-life.js';

const provisionalMs = 3_600_000;

/** A name is held without proof for an hour at most, whatever the work waits for; the write takes it again when it is read back. A proven claim stays. */
export function endProvisionalHold(life: ConnectionLife): void {
  if (life.state !== 'live' && life.now().getTime() - life.connection.progress_at.getTime() >= provisionalMs) life.claim('let_down');
}
