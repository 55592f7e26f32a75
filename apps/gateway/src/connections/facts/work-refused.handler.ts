import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { workRefused, type DataOf, type Message } from '@connect/contracts';
import { reasonOf } from '@connect/domain';
import { Handles, type Outcome } from '@connect/messaging';
import type { Sql } from '@connect/storage';
import { ConnectionStore } from '../../ports/connection-store.port.js';
import type { Connection } from '../connection.js';
import { TakeFact } from './take-fact.js';
import { onWorkRefused } from './work-refused.decision.js';

type WorkRefused = Message<DataOf<typeof workRefused>>;

@Controller()
export class WorkRefusedHandler {
  constructor(private readonly facts: TakeFact, private readonly connections: ConnectionStore) {}

  @Handles(workRefused)
  handle(@Payload() message: WorkRefused): Promise<Outcome> {
    return this.facts.run(message, { record: (tx, connection) => this.record(tx, connection, message), decide: (life) => onWorkRefused(life, message.data) });
  }

  private async record(tx: Sql, connection: Connection, { generation, data }: WorkRefused): Promise<void> {
    if (data.of !== 'preview') return;
    await this.connections.refusePendingPlan(tx, connection.id, generation, reasonOf(data.code, data.detail === null ? {} : { detail: data.detail }));
  }
}
