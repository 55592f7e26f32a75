import { Injectable } from '@nestjs/common';
import type { ErrorCode } from '@connect/domain';
import type { Sql } from '@connect/storage';
import { ConnectionStore } from '../ports/connection-store.port.js';
import type { Credential } from '../ports/credential-store.port.js';
import { ChangeConnection } from './change-connection.js';
import type { Choice } from './choose-setup.js';
import type { Cause, ConnectionLife } from './connection-life.js';
import type { Connection } from './connection.js';
import { enterSetup } from './enter-setup.js';
import { removeAgain } from './remove-again.js';
import { SetupChoice } from './setup-choice.js';

const pageSize = 1000;
/** What an undone connection waits for is a person, not a credential. */
const waitsForPerson: readonly ErrorCode[] = ['records_absent', 'apply_template'];

/** A covering credential came: the connections of the application that waited for one go on with a newer intent, and so do the removals that it blocked. */
@Injectable()
export class ResumeWaiting {
  constructor(private readonly connections: ConnectionStore, private readonly changes: ChangeConnection, private readonly setup: SetupChoice) {}

  async run(tx: Sql, credential: Credential, cause: Cause): Promise<ConnectionLife[]> {
    const lives = [...(await this.resumeAll(tx, credential, cause)), ...(await this.removeAll(tx, credential, cause))];
    return this.changes.settle(tx, lives);
  }

  /** Only those that go on are locked, and those somebody else changes right now are waited for and looked at again: the credential does not come a second time. */
  private async resumeAll(tx: Sql, credential: Credential, cause: Cause): Promise<ConnectionLife[]> {
    const choose = await this.setup.inApplication(tx, credential);
    const lives: ConnectionLife[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const page: Connection[] = await this.connections.waitingFor(tx, credential, { after, limit: pageSize });
      const locked = await this.connections.lockEach(tx, page.filter((row) => isFor(credential, row, choose(row))).map(({ id }) => id));
      for (const row of locked) if (isFor(credential, row, choose(row))) lives.push(this.resume(row, choose(row), cause));
      after = page.length < pageSize ? null : page.at(-1)!.id;
    }
    return lives;
  }

  private resume(row: Connection, choice: Choice, cause: Cause): ConnectionLife {
    const life = this.changes.lifeOf(row, cause);
    life.nextGeneration();
    life.set({ intent: { kind: 'apply', approval: null } });
    enterSetup(life, choice);
    return life;
  }

  private async removeAll(tx: Sql, credential: Credential, cause: Cause): Promise<ConnectionLife[]> {
    const lives = (await this.connections.lockBlockedRemovals(tx, credential.id)).map((row) => this.changes.lifeOf(row, cause));
    lives.forEach(removeAgain);
    return lives;
  }
}

function isFor(credential: Credential, { state, requested_setup, reason }: Connection, choice: Choice): boolean {
  if (state !== 'awaiting_customer' || requested_setup === 'manual' || (reason !== null && waitsForPerson.includes(reason.code))) return false;
  return choice.setup === 'automatic' && choice.credentialId === credential.id;
}
