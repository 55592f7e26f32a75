import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { previewPlan, type DataOf, type Message } from '@connect/contracts';
import { BusContext, done, Handles, type Outcome } from '@connect/messaging';
import { TakeCommand } from '../zone-work/take-command.use-case.js';
import { newWork } from '../zone-work/new-work.js';
import { lanes } from '../zone-work/zone-work.js';

/** `cmd.dns.preview-plan`: becomes an errand; it takes no turn and writes nothing. */
@Controller()
export class PreviewPlanHandler {
  constructor(private readonly takeCommand: TakeCommand) {}

  @Handles(previewPlan)
  async handle(@Payload() message: Message<DataOf<typeof previewPlan>>, @Ctx() context: BusContext): Promise<Outcome> {
    await this.takeCommand.run(context.consumer, newWork(message, { kind: 'preview', data: message.data }, lanes.interactive, `preview:${message.data.plan_id}`));
    return done();
  }
}
