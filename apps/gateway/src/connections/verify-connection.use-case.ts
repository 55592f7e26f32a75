import { Injectable } from '@nestjs/common';
import { ConnectError, reasonOf } from '@connect/domain';
import type { Sql } from '@connect/storage';
import type { Sight } from '../ports/caller.js';
import { awaitStep, sendStep } from './await-step.js';
import { ChangeConnection } from './change-connection.js';
import type { Cause, ConnectionLife } from './connection-life.js';

/** Somebody says that the records are there now: the verifier looks at once and densely. */
@Injectable()
export class VerifyConnection {
  constructor(private readonly changes: ChangeConnection) {}

  /** Errors: `not_found`, `connection_archived`, `conflict` before the records can be there. */
  run(tx: Sql, sight: Sight, id: string, cause: Cause): Promise<ConnectionLife> {
    return this.changes.run(tx, sight, id, cause, (life) => {
      switch (life.state) {
        case 'awaiting_customer':
          if (life.connection.setup === 'automatic') return sendStep(life, 'watch', { dense: true });
          life.move('propagating', reasonOf('waiting_for_publication'));
          return awaitStep(life, 'watch', { dense: true });
        case 'stalled':
          life.move('propagating', reasonOf('waiting_for_publication'));
          return awaitStep(life, 'watch', { dense: true });
        case 'propagating':
        case 'live':
        case 'drifted':
        case 'failed':
          return sendStep(life, 'watch', { dense: true });
        case 'removing':
          if (life.connection.removal !== null) return sendStep(life, 'watch_absent', { dense: true });
          throw new ConnectError('conflict', { detail: 'the records are being removed' });
        case 'archived':
          throw new ConnectError('connection_archived');
        case 'created':
        case 'planning':
        case 'awaiting_approval':
        case 'writing':
          throw new ConnectError('conflict', { detail: `the connection is ${life.state}` });
      }
    });
  }
}
