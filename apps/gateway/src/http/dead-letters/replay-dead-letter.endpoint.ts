import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import type { Replay } from '@connect/contracts';
import { DeadLetters, type OfService } from '../../ports/dead-letters.port.js';

/** Inner port: its service handles it again, and the answer says what came of it. Safe to repeat. */
@Controller('v1/dead-letters')
export class ReplayDeadLetterEndpoint {
  constructor(private readonly deadLetters: DeadLetters) {}

  @Post(':id/replay')
  @HttpCode(200)
  run(@Param('id') id: string): Promise<OfService<Replay>> {
    return this.deadLetters.replay(id);
  }
}
