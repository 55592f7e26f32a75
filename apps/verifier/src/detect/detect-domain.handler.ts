import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { ownerName, type Clock } from '@connect/domain';
import { detect, detectDomain, domainDetected, type DataOf, type Detection, type Message } from '@connect/contracts';
import { Answers, done, Handles, Inbox, newMessage, Outbox, type Outcome } from '@connect/messaging';
import { transaction } from '@connect/storage';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { CLOCK } from '../tokens.js';
import { DetectDomain } from './detect-domain.use-case.js';

/** The same detection twice: as a step in a connection's life, and as a question that leaves no trace. */
@Controller()
export class DetectDomainHandler {
  constructor(
    @Inject(DetectDomain) private readonly detectDomain: DetectDomain,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Inbox) private readonly inbox: Inbox,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Handles(detectDomain)
  async handle(@Payload() message: Message<DataOf<typeof detectDomain>>): Promise<Outcome> {
    const detection = await this.detectDomain.run(ownerName(message.data.hostname), ownerName(message.data.apex), new AbortController().signal);
    const fact = newMessage(domainDetected, { tenantId: message.tenant_id, connectionId: message.connection_id, generation: message.generation, causationId: message.id }, { detection }, this.clock);
    await transaction(this.dataSource, async (tx) => {
      if (await this.inbox.firstTime(tx, 'verifier', message.id)) await this.outbox.add(tx, fact);
    });
    this.outbox.nudge();
    return done();
  }

  @Answers(detect)
  async answer(@Payload() ask: z.infer<typeof detect.ask>): Promise<{ detection: Detection }> {
    return { detection: await this.detectDomain.run(ownerName(ask.hostname), ownerName(ask.apex), AbortSignal.timeout(1_800)) };
  }
}
