import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { connectionRemoved, type DataOf, type Message } from '@connect/contracts';
import { Handles, type Outcome } from '@connect/messaging';
import type { Sql } from '@connect/storage';
import { ConnectionStore } from '../../ports/connection-store.port.js';
import type { Connection } from '../connection.js';
import { onConnectionRemoved } from './connection-removed.decision.js';
import { TakeFact } from './take-fact.js';

type ConnectionRemoved = Message<DataOf<typeof connectionRemoved>>;

@Controller()
export class ConnectionRemovedHandler {
  constructor(private readonly facts: TakeFact, private readonly connections: ConnectionStore) {}

  @Handles(connectionRemoved)
  handle(@Payload() message: ConnectionRemoved): Promise<Outcome> {
    return this.facts.run(message, { record: (tx, connection) => this.record(tx, connection, message), decide: (life) => onConnectionRemoved(life, message.data) });
  }

  private async record(tx: Sql, connection: Connection, { generation, data }: ConnectionRemoved): Promise<void> {
    if (data.receipt !== null) await this.connections.storeReceipt(tx, connection, generation, data.receipt);
  }
}
