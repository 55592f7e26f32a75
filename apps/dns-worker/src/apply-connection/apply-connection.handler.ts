import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { applyConnection, type DataOf, type Message } from '@connect/contracts';
import { BusContext, done, Handles, type Outcome } from '@connect/messaging';
import { TakeCommand } from '../zone-work/take-command.use-case.js';
import { newWork } from '../zone-work/new-work.js';
import { lanes } from '../zone-work/zone-work.js';

/** `cmd.dns.apply-connection`: becomes zone work, and nothing else. */
@Controller()
export class ApplyConnectionHandler {
  constructor(private readonly takeCommand: TakeCommand) {}

  @Handles(applyConnection)
  async handle(@Payload() message: Message<DataOf<typeof applyConnection>>, @Ctx() context: BusContext): Promise<Outcome> {
    await this.takeCommand.run(context.consumer, newWork(message, { kind: 'apply', data: message.data }, lanes[message.data.lane], 'apply'));
    return done();
  }
}
