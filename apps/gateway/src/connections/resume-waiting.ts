import { Injectable } from '@nestjs/common';
import type { ErrorCode } from '@connect/domain';
import type { Sql } from '@connect/storage';
import { ConnectionStore } from '../ports/connection-store.port.js';
import { ChangeConnection } from './change-connection.js';
import type { Cause, ConnectionLife } from './connection-life.js';
import type { Connection } from './connection.js';
import { enterSetup } from './enter-setup.js';
import { removeAgain } from './remove-again.js';
import { SetupChoice } from './setup-choice.js';

/** What an undone connection waits for is a person, not a credential. */
const waitsForPerson: readonly ErrorCode[] = ['records_absent', 'apply_template'];

/** A covering credential came: the connections of the application that waited for one go on with a newer intent, and so do the removals that it blocked. */
@Injectable()
export class ResumeWaiting {
  constructor(private readonly connections: ConnectionStore, private readonly changes: ChangeConnection, private readonly setup: SetupChoice) {}

  async run(tx: Sql, applicationId: string, credentialId: string, cause: Cause): Promise<ConnectionLife[]> {
    const lives: ConnectionLife[] = [];
    for (const row of await this.connections.lockWaiting(tx, applicationId)) {
      if (row.requested_setup === 'manual' || (row.reason !== null && waitsForPerson.includes(row.reason.code))) continue;
      const life = await this.resume(tx, row, credentialId, cause);
      if (life !== null) lives.push(life);
    }
    for (const row of await this.connections.lockBlockedRemovals(tx, credentialId)) {
      const life = this.changes.lifeOf(row, cause);
      removeAgain(life);
      lives.push(life);
    }
    return this.changes.settle(tx, lives);
  }

  private async resume(tx: Sql, row: Connection, credentialId: string, cause: Cause): Promise<ConnectionLife | null> {
    const choice = await this.setup.of(tx, row);
    if (choice.setup !== 'automatic' || choice.credentialId !== credentialId) return null;
    const life = this.changes.lifeOf(row, cause);
    life.nextGeneration();
    life.set({ intent: { kind: 'apply', approval: null } });
    enterSetup(life, choice);
    return life;
  }
}
