import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import type { DeadLetterLine, ServiceName } from '@connect/contracts';
import { DeadLetters, type OfService } from '../../ports/dead-letters.port.js';

const DeadLetterQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(100), replayed: z.enum(['true', 'false']).default('false') });
type DeadLetterQuery = z.infer<typeof DeadLetterQuery>;

/** Inner port: what waits for somebody, of all services; at most `limit` of each. */
@Controller('v1/dead-letters')
export class ListDeadLettersEndpoint {
  constructor(private readonly deadLetters: DeadLetters) {}

  @Get()
  async run(@Query({ schema: DeadLetterQuery }) { limit, replayed }: DeadLetterQuery): Promise<{ items: OfService<DeadLetterLine>[]; unanswered: ServiceName[] }> {
    const { letters, unanswered } = await this.deadLetters.list({ limit, replayed: replayed === 'true' });
    return { items: letters, unanswered };
  }
}
