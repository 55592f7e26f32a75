import { Injectable } from '@nestjs/common';
import type { Message } from '@connect/contracts';
import { done, type Outcome } from '@connect/messaging';
import { currentTraceparent } from '@connect/observability';
import type { Sql } from '@connect/storage';
import { Batches } from '../../batches.js';
import { ConnectionStore, type FactAbout } from '../../ports/connection-store.port.js';
import { Database } from '../../ports/database.port.js';
import { ChangeConnection } from '../change-connection.js';
import { system, type Cause, type ConnectionLife } from '../connection-life.js';
import type { Connection } from '../connection.js';

export type FactTaking<Data> = {
  /** Stores what people read of the fact, whatever its generation: history. */
  record?(tx: Sql, connection: Connection, message: Message<Data>): Promise<void>;
  /** What the fact does to the connection; only facts of the running generation come here. */
  decide(life: ConnectionLife, message: Message<Data>, tx: Sql): Promise<void> | void;
};

type Fact = {
  about: FactAbout;
  generation: number;
  cause: Cause;
  record(tx: Sql, connection: Connection): Promise<void> | undefined;
  decide(life: ConnectionLife, tx: Sql): Promise<void> | void;
};
/** `nothing`: it was taken before, there is no such connection, or it is of another generation. */
type Taken = ConnectionLife | 'nothing';

/**
 * What all facts about a connection have in common: once, under the row lock, with the tenant compared, and only the running generation changes a state. Facts that
 * come at the same time share a transaction: each takes part in it with its own connection, and one that fails or meets a lock has one of its own.
 */
@Injectable()
export class TakeFact {
  private readonly batches = new Batches<Fact, Taken>({
    together: (facts) => this.inTransaction(facts, 'leave_out'),
    alone: async (fact) => (await this.inTransaction([fact], 'wait'))[0] ?? 'nothing',
    keyOf: (fact) => fact.about.connectionId,
  });

  constructor(private readonly database: Database, private readonly connections: ConnectionStore, private readonly changes: ChangeConnection) {}

  async run<Data>(message: Message<Data>, taking: FactTaking<Data>): Promise<Outcome> {
    const { id: messageId, tenant_id: tenantId, connection_id: connectionId, generation } = message;
    if (connectionId === undefined) return done();
    const taken = await this.batches.do({
      about: { messageId, tenantId, connectionId }, generation, cause: { ...system(messageId), traceparent: currentTraceparent() },
      record: (tx, connection) => taking.record?.(tx, connection, message),
      decide: (life, tx) => taking.decide(life, message, tx),
    });
    if (taken !== 'nothing') this.changes.announce(taken);
    return done();
  }

  /** `undefined` for a fact whose connection is not there, or is left out. */
  private inTransaction(facts: readonly Fact[], whereLocked: 'wait' | 'leave_out'): Promise<(Taken | undefined)[]> {
    return this.database.transaction(async (tx) => {
      const locked = await this.connections.lockForFacts(tx, facts.map(({ about }) => about), whereLocked);
      const taken = new Map<Fact, Taken>();
      for (const fact of facts) {
        // A fact about another tenant's connection finds no row here, as a request would not.
        const found = locked.get(fact.about.messageId);
        if (found !== undefined) taken.set(fact, found.isNew ? await this.take(tx, fact, found.connection) : 'nothing');
      }
      const lives = [...taken.values()].filter((one) => one !== 'nothing');
      const settled = await this.changes.settle(tx, lives);
      return facts.map((fact) => {
        const one = taken.get(fact);
        return one === undefined || one === 'nothing' ? one : settled[lives.indexOf(one)];
      });
    });
  }

  private async take(tx: Sql, fact: Fact, row: Connection): Promise<Taken> {
    await fact.record(tx, row);
    if (fact.generation !== row.generation) return 'nothing';
    const life = this.changes.lifeOf(row, fact.cause);
    await fact.decide(life, tx);
    return life;
  }
}
