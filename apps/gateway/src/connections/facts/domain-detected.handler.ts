import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { domainDetected, type DataOf, type Message } from '@connect/contracts';
import { Handles, type Outcome } from '@connect/messaging';
import type { Sql } from '@connect/storage';
import type { ConnectionLife } from '../connection-life.js';
import { SetupChoice } from '../setup-choice.js';
import { onDomainDetected } from './domain-detected.decision.js';
import { TakeFact } from './take-fact.js';

type DomainDetected = Message<DataOf<typeof domainDetected>>;

@Controller()
export class DomainDetectedHandler {
  constructor(private readonly facts: TakeFact, private readonly setup: SetupChoice) {}

  @Handles(domainDetected)
  handle(@Payload() message: DomainDetected): Promise<Outcome> {
    return this.facts.run(message, { decide: (life, _, tx) => this.decide(life, message, tx) });
  }

  private async decide(life: ConnectionLife, { data }: DomainDetected, tx: Sql): Promise<void> {
    life.set({ detection: data.detection });
    if (life.state !== 'created' && life.state !== 'awaiting_customer') return;
    onDomainDetected(life, data.detection, await this.setup.of(tx, life.connection));
  }
}
