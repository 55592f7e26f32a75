import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { workDelayed, type DataOf, type Message } from '@connect/contracts';
import { Handles, type Outcome } from '@connect/messaging';
import { TakeFact } from './take-fact.js';
import { onWorkDelayed } from './work-refused.decision.js';

@Controller()
export class WorkDelayedHandler {
  constructor(private readonly facts: TakeFact) {}

  @Handles(workDelayed)
  handle(@Payload() message: Message<DataOf<typeof workDelayed>>): Promise<Outcome> {
    return this.facts.run(message, { decide: (life) => onWorkDelayed(life, message.data) });
  }
}
