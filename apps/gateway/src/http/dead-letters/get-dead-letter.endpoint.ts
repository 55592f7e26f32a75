import { Controller, Get, Param } from '@nestjs/common';
import type { DeadLetterWhole } from '@connect/contracts';
import { DeadLetters, type OfService } from '../../ports/dead-letters.port.js';

/** Inner port: with the message itself. */
@Controller('v1/dead-letters')
export class GetDeadLetterEndpoint {
  constructor(private readonly deadLetters: DeadLetters) {}

  @Get(':id')
  run(@Param('id') id: string): Promise<OfService<DeadLetterWhole>> {
    return this.deadLetters.show(id);
  }
}
