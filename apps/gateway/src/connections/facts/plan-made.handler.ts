import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { planMade, type DataOf, type Message } from '@connect/contracts';
import { Handles, type Outcome } from '@connect/messaging';
import type { Sql } from '@connect/storage';
import { ConnectionStore } from '../../ports/connection-store.port.js';
import type { Connection } from '../connection.js';
import { onPlanMade } from './plan-made.decision.js';
import { TakeFact } from './take-fact.js';

type PlanMade = Message<DataOf<typeof planMade>>;

@Controller()
export class PlanMadeHandler {
  constructor(private readonly facts: TakeFact, private readonly connections: ConnectionStore) {}

  @Handles(planMade)
  handle(@Payload() message: PlanMade): Promise<Outcome> {
    return this.facts.run(message, { record: (tx, connection) => this.record(tx, connection, message), decide: (life) => onPlanMade(life, message.data) });
  }

  private async record(tx: Sql, connection: Connection, { generation, data }: PlanMade): Promise<void> {
    await this.connections.storePlan(tx, connection, { id: data.plan.id, generation, status: data.next, projection: data.plan, refusal: null });
  }
}
