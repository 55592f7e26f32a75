import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { DomainConnect } from '@connect/contracts';
import { BusContext, HandlesIntake, type Outcome } from '@connect/messaging';
import { CreateConnection } from '../connections/create-connection.use-case.js';
import { TakeIntake } from './take-intake.js';

/** `domain.connect` and `domain.connect.<tenant_id>`: the same as `POST /v1/connections`. */
@Controller()
export class ConnectHandler {
  constructor(private readonly intake: TakeIntake, private readonly create: CreateConnection) {}

  @HandlesIntake('domain.connect')
  handle(@Payload() payload: unknown, @Ctx() context: BusContext): Promise<Outcome> {
    return this.intake.run(payload, context, {
      schema: DomainConnect,
      act: (tx, { publisher, data: { tenant_id: tenantId, ...request } }) => this.create.run(tx, { tenantId, applicationId: null }, request, { by: `bus:${publisher}`, messageId: null }),
    });
  }
}
