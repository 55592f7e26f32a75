import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { undoReceipt, type DataOf, type Message } from '@connect/contracts';
import { BusContext, done, Handles, type Outcome } from '@connect/messaging';
import { TakeCommand } from '../zone-work/take-command.use-case.js';
import { newWork } from '../zone-work/new-work.js';
import { lanes } from '../zone-work/zone-work.js';

/** `cmd.dns.undo-receipt`: becomes zone work like any other plan. */
@Controller()
export class UndoReceiptHandler {
  constructor(private readonly takeCommand: TakeCommand) {}

  @Handles(undoReceipt)
  async handle(@Payload() message: Message<DataOf<typeof undoReceipt>>, @Ctx() context: BusContext): Promise<Outcome> {
    await this.takeCommand.run(context.consumer, newWork(message, { kind: 'undo', data: message.data }, lanes.interactive, 'undo'));
    return done();
  }
}
