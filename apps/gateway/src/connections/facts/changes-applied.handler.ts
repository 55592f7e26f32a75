import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { changesApplied, type DataOf, type Message } from '@connect/contracts';
import { Handles, type Outcome } from '@connect/messaging';
import type { Sql } from '@connect/storage';
import { ClaimStore } from '../../ports/claim-store.port.js';
import { ConnectionStore } from '../../ports/connection-store.port.js';
import type { Connection } from '../connection.js';
import { onChangesApplied } from './changes-applied.decision.js';
import { TakeFact } from './take-fact.js';

type ChangesApplied = Message<DataOf<typeof changesApplied>>;

@Controller()
export class ChangesAppliedHandler {
  constructor(private readonly facts: TakeFact, private readonly connections: ConnectionStore, private readonly claims: ClaimStore) {}

  @Handles(changesApplied)
  handle(@Payload() message: ChangesApplied): Promise<Outcome> {
    return this.facts.run(message, {
      record: (tx, connection) => this.record(tx, connection, message),
      decide: (life) => onChangesApplied(life, message.data),
    });
  }

  private async record(tx: Sql, connection: Connection, { generation, data }: ChangesApplied): Promise<void> {
    await this.connections.storeReceipt(tx, connection, generation, data.receipt);
    if (generation < connection.generation) await this.claims.proveLate(tx, connection);
  }
}
