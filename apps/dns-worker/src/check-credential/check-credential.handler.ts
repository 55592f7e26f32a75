import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { checkCredential, type DataOf, type Message } from '@connect/contracts';
import { BusContext, done, Handles, type Outcome } from '@connect/messaging';
import { TakeCommand } from '../zone-work/take-command.use-case.js';
import { newWork } from '../zone-work/new-work.js';
import { lanes } from '../zone-work/zone-work.js';

/** `cmd.dns.check-credential`: becomes an errand. */
@Controller()
export class CheckCredentialHandler {
  constructor(private readonly takeCommand: TakeCommand) {}

  @Handles(checkCredential)
  async handle(@Payload() message: Message<DataOf<typeof checkCredential>>, @Ctx() context: BusContext): Promise<Outcome> {
    await this.takeCommand.run(context.consumer, newWork(message, { kind: 'check', data: message.data }, lanes.interactive, `check:${message.id}`));
    return done();
  }
}
