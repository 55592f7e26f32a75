import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { changesApplied, type DataOf, type Message } from '@connect/contracts';
import { Handles, type Outcome } from '@connect/messaging';
import { ConnectionStore } from '../../ports/connection-store.port.js';
import { onChangesApplied } from './changes-applied.decision.js';
import { TakeFact } from './take-fact.js';

@Controller()
export class ChangesAppliedHandler {
  constructor(private readonly facts: TakeFact, private readonly connections: ConnectionStore) {}

  @Handles(changesApplied)
  handle(@Payload() message: Message<DataOf<typeof changesApplied>>): Promise<Outcome> {
    return this.facts.run(message, {
      record: (tx, connection) => this.connections.storeReceipt(tx, connection, message.generation, message.data.receipt),
      decide: (life) => onChangesApplied(life, message.data),
    });
  }
}
