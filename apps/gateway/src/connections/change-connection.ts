import { Inject, Injectable } from '@nestjs/common';
import { ConnectError, mayMove, reasonOf, type Clock } from '@connect/domain';
import { Outbox } from '@connect/messaging';
import type { Sql } from '@connect/storage';
import type { Sight } from '../ports/caller.js';
import { ClaimStore } from '../ports/claim-store.port.js';
import { CLOCK } from '../ports/clock.port.js';
import { ConnectionStore } from '../ports/connection-store.port.js';
import { Movements } from '../ports/movements.port.js';
import { ConnectionLife, type Cause } from './connection-life.js';
import type { Connection } from './connection.js';

export type Decision = (life: ConnectionLife, tx: Sql) => Promise<void> | void;

/** The one way to change a connection: under its row lock, with claim, events and commands in the same transaction. After the commit call `announce`. */
@Injectable()
export class ChangeConnection {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly claims: ClaimStore,
    private readonly movements: Movements,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** For callers: throws `not_found`, and `hostname_claimed` where the step needs the hostname and somebody else holds it. */
  async run(tx: Sql, sight: Sight, id: string, cause: Cause, decide: Decision): Promise<ConnectionLife> {
    const row = await this.connections.lock(tx, sight, id);
    if (row === null) throw new ConnectError('not_found');
    const life = this.lifeOf(row, cause);
    await decide(life, tx);
    if ((await this.claims.take(tx, [life])).has(id)) throw new ConnectError('hostname_claimed');
    await this.connections.save(tx, [life]);
    return life;
  }

  /** Of a locked row, for {@link settle}. */
  lifeOf(row: Connection, cause: Cause): ConnectionLife {
    return new ConnectionLife(row, cause, this.clock);
  }

  /** Where nobody waits for an answer: a claim that is refused fails the connection, since there is no caller to be told. Gives the lives as they are stored, in their order. */
  async settle(tx: Sql, lives: readonly ConnectionLife[]): Promise<ConnectionLife[]> {
    const refused = await this.claims.take(tx, lives);
    const outcomes = lives.map((life) => (refused.has(life.connection.id) ? refusedLife(life) : life));
    await this.connections.save(tx, outcomes);
    return outcomes;
  }

  announce(...lives: ConnectionLife[]): void {
    if (lives.some((life) => life.commands.length > 0 || life.events.length > 0)) this.outbox.nudge();
    for (const life of lives.filter((one) => one.events.length > 0)) {
      const { id, sequence, state } = life.connection;
      this.movements.tell({ connectionId: id, sequence, state });
    }
  }
}

function refusedLife(decided: ConnectionLife): ConnectionLife {
  const life = decided.again();
  const reason = reasonOf('hostname_claimed');
  if (mayMove(life.state, 'failed')) life.move('failed', reason);
  else life.note(reason);
  life.set({ awaited: null });
  return life;
}
