import { Injectable } from '@nestjs/common';
import { reasonOf } from '@connect/domain';
import type { Sql } from '@connect/storage';
import type { Sight } from '../ports/caller.js';
import { awaitStep } from './await-step.js';
import { ChangeConnection } from './change-connection.js';
import type { Cause, ConnectionLife } from './connection-life.js';
import { endConnection } from './facts/connection-removed.decision.js';

/** Takes the connection back: by `DELETE` and by `domain.disconnect` alike. Asking twice is harmless; asking with `keepRecords` later lets go of what blocks. */
@Injectable()
export class RemoveConnection {
  constructor(private readonly changes: ChangeConnection) {}

  /** Errors: `not_found`. */
  run(tx: Sql, sight: Sight, id: string, keepRecords: boolean, cause: Cause): Promise<ConnectionLife> {
    return this.changes.run(tx, sight, id, cause, (life) => removeNow(life, keepRecords));
  }
}

export function removeNow(life: ConnectionLife, keepRecords: boolean): void {
  const { keep_records: keptBefore, may_have_written: mayHaveWritten } = life.connection;
  if (life.state === 'archived') return;
  if (life.state === 'removing' && (keptBefore || !keepRecords)) return;
  // Raised before anything else, so that writes that are under way are superseded.
  life.nextGeneration();
  life.set({ keep_records: keepRecords });
  if (life.state !== 'removing') life.move('removing', reasonOf('removing_records'));
  if (!mayHaveWritten) return endConnection(life);
  awaitStep(life, 'remove');
}
