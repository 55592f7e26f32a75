import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { removeConnection, type DataOf, type Message } from '@connect/contracts';
import { BusContext, done, Handles, type Outcome } from '@connect/messaging';
import { TakeCommand } from '../zone-work/take-command.use-case.js';
import { newWork } from '../zone-work/new-work.js';
import { lanes } from '../zone-work/zone-work.js';

/** `cmd.dns.remove-connection`: becomes zone work in the zone where the connection owns something. */
@Controller()
export class RemoveConnectionHandler {
  constructor(private readonly takeCommand: TakeCommand) {}

  @Handles(removeConnection)
  async handle(@Payload() message: Message<DataOf<typeof removeConnection>>, @Ctx() context: BusContext): Promise<Outcome> {
    await this.takeCommand.run(context.consumer, newWork(message, { kind: 'remove', data: message.data }, lanes.interactive, 'remove'));
    return done();
  }
}
