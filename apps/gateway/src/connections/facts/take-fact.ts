import { Injectable } from '@nestjs/common';
import type { Message } from '@connect/contracts';
import { done, Inbox, type Outcome } from '@connect/messaging';
import type { Sql } from '@connect/storage';
import { ConnectionStore } from '../../ports/connection-store.port.js';
import { Database } from '../../ports/database.port.js';
import { ChangeConnection } from '../change-connection.js';
import { system, type ConnectionLife } from '../connection-life.js';
import type { Connection } from '../connection.js';

export type FactTaking<Data> = {
  /** Stores what people read of the fact, whatever its generation: history. */
  record?(tx: Sql, connection: Connection, message: Message<Data>): Promise<void>;
  /** What the fact does to the connection; only facts of the running generation come here. */
  decide(life: ConnectionLife, message: Message<Data>, tx: Sql): Promise<void> | void;
};

/** What all facts about a connection have in common: once, under the row lock, with the tenant compared, and only the running generation changes a state. */
@Injectable()
export class TakeFact {
  constructor(
    private readonly database: Database,
    private readonly inbox: Inbox,
    private readonly connections: ConnectionStore,
    private readonly changes: ChangeConnection,
  ) {}

  async run<Data>(message: Message<Data>, taking: FactTaking<Data>): Promise<Outcome> {
    const life = await this.database.transaction((tx) => this.take(tx, message, taking));
    if (life !== null) this.changes.announce(life);
    return done();
  }

  private async take<Data>(tx: Sql, message: Message<Data>, taking: FactTaking<Data>): Promise<ConnectionLife | null> {
    if (!(await this.inbox.firstTime(tx, 'gateway', message.id))) return null;
    // A fact about another tenant's connection finds no row here, as a request would not.
    const row = message.connection_id === undefined ? null : await this.connections.lock(tx, { tenantId: message.tenant_id, applicationId: null }, message.connection_id);
    if (row === null) return null;
    await taking.record?.(tx, row, message);
    if (message.generation !== row.generation) return null;
    return this.changes.onFact(tx, row, system(message.id), (life) => taking.decide(life, message, tx));
  }
}
