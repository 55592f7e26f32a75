import { Controller, Delete, HttpCode, Param } from '@nestjs/common';
import { DeadLetters } from '../../ports/dead-letters.port.js';

/** Inner port: nobody will handle it any more. */
@Controller('v1/dead-letters')
export class DropDeadLetterEndpoint {
  constructor(private readonly deadLetters: DeadLetters) {}

  @Delete(':id')
  @HttpCode(204)
  run(@Param('id') id: string): Promise<void> {
    return this.deadLetters.drop(id);
  }
}
