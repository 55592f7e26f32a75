import { Injectable } from '@nestjs/common';
import { ConnectError, mayMove } from '@connect/domain';
import type { Sql } from '@connect/storage';
import type { Sight } from '../ports/caller.js';
import { awaitStep } from './await-step.js';
import { ChangeConnection } from './change-connection.js';
import type { Cause, ConnectionLife } from './connection-life.js';
import { enterSetup } from './enter-setup.js';
import { removeAgain } from './remove-again.js';
import { SetupChoice } from './setup-choice.js';

/** Somebody mended what stood in the way and asks to go on: a newer intent, chosen again with what is stored now. */
@Injectable()
export class RetryConnection {
  constructor(private readonly changes: ChangeConnection, private readonly setup: SetupChoice) {}

  /** Errors: `not_found`, `connection_archived`, `conflict` while work is going on, `hostname_claimed`. */
  run(tx: Sql, sight: Sight, id: string, cause: Cause): Promise<ConnectionLife> {
    return this.changes.run(tx, sight, id, cause, async (life) => {
      if (life.state === 'archived') throw new ConnectError('connection_archived');
      if (life.state === 'planning' || life.state === 'writing') throw new ConnectError('conflict', { detail: `the connection is ${life.state}` });
      if (life.state === 'removing') return removeAgain(life);
      life.nextGeneration();
      life.set({ intent: { kind: 'apply', approval: null } });
      const choice = await this.setup.of(tx, life.connection);
      const target = choice.setup === 'automatic' ? 'planning' : 'awaiting_customer';
      if (target === 'awaiting_customer' && life.state === 'awaiting_customer') return lookAgain(life);
      if (!mayMove(life.state, target)) throw new ConnectError('conflict', { detail: `the connection is ${life.state}` });
      enterSetup(life, choice);
    });
  }
}

function lookAgain(life: ConnectionLife): void {
  life.set({ progress_at: life.now() });
  awaitStep(life, 'detect');
}
