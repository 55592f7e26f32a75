import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { receiptAmended, type DataOf, type Message } from '@connect/contracts';
import { Handles, type Outcome } from '@connect/messaging';
import { ConnectionStore } from '../../ports/connection-store.port.js';
import { TakeFact } from './take-fact.js';

/** A receipt that says more than it did; the connection stays as it is. */
@Controller()
export class ReceiptAmendedHandler {
  constructor(private readonly facts: TakeFact, private readonly connections: ConnectionStore) {}

  @Handles(receiptAmended)
  handle(@Payload() message: Message<DataOf<typeof receiptAmended>>): Promise<Outcome> {
    return this.facts.run(message, {
      record: (tx, connection) => this.connections.amendReceipt(tx, connection, message.generation, message.data.receipt),
      decide: () => undefined,
    });
  }
}
