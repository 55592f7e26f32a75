import { Injectable } from '@nestjs/common';
import { ConnectError, mayMove } from '@connect/domain';
import type { Sql } from '@connect/storage';
import type { Sight } from '../ports/caller.js';
import { ConnectionStore } from '../ports/connection-store.port.js';
import { ChangeConnection } from './change-connection.js';
import type { Cause, ConnectionLife } from './connection-life.js';
import { startWriting } from './enter-setup.js';

/** Puts back what stood there before one of our writes: a plan like any other, offered for 7 days. */
@Injectable()
export class UndoReceipt {
  constructor(private readonly changes: ChangeConnection, private readonly connections: ConnectionStore) {}

  /** Errors: `not_found`, `conflict` after the 7 days or while work is going on, `credential_missing`, `hostname_claimed`. */
  run(tx: Sql, sight: Sight, id: string, receiptId: string, cause: Cause): Promise<ConnectionLife> {
    return this.changes.run(tx, sight, id, cause, async (life) => {
      const receipt = await this.connections.findReceipt(id, receiptId, tx);
      if (receipt === null) throw new ConnectError('not_found');
      const until = receipt.projection.undo_until;
      if (until === null || new Date(until) <= life.now()) throw new ConnectError('conflict', { detail: 'this write can no longer be undone' });
      const { provider, credential_id } = life.connection;
      if (provider === null || credential_id === null) throw new ConnectError('credential_missing');
      if (!mayMove(life.state, 'planning')) throw new ConnectError('conflict', { detail: `the connection is ${life.state}` });
      life.nextGeneration();
      life.set({ intent: { kind: 'undo', receipt_id: receiptId, approval: null } });
      startWriting(life, { provider, credential_id });
    });
  }
}
