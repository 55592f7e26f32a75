import { Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Outbox } from '@connect/messaging';
import { CheckCredential } from '../../credentials/end-credential.use-case.js';
import { Once } from '../../idempotency/once.js';
import { Answer } from '../edge/answer.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';

@ApiTags('credentials')
@Controller('v1/applications/:applicationId/credentials')
export class CheckCredentialEndpoint {
  constructor(private readonly once: Once, private readonly credentials: CheckCredential, private readonly outbox: Outbox) {}

  @Post(':id/check')
  @Endpoint({ summary: 'Ask the provider, read-only, what the credential is good for', scope: 'credentials:write', status: 202, answer: z.object({ id: z.string(), status: z.literal('checking') }), idempotent: true, problems: ['not_found'] })
  async run(@Param('applicationId') applicationId: string, @Param('id') id: string, @From() { caller, call }: Asking): Promise<Answer> {
    return new Answer(await this.once.run(call, async (tx, afterCommit) => {
      await this.credentials.run(tx, caller, applicationId, id);
      afterCommit(() => this.outbox.nudge());
      return { status: 202, body: { id, status: 'checking' }, location: `/v1/applications/${applicationId}/credentials/${id}` };
    }));
  }
}
