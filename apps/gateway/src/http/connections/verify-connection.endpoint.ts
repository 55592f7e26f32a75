import { Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { VerifyConnection } from '../../connections/verify-connection.use-case.js';
import type { Answer } from '../edge/answer.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { ConnectionView } from '../views/connection.view.js';
import { ConnectionAction } from './connection-action.js';

@ApiTags('connections')
@Controller('v1/connections')
export class VerifyConnectionEndpoint {
  constructor(private readonly action: ConnectionAction, private readonly verify: VerifyConnection) {}

  @Post(':id/verify')
  @Endpoint({ summary: 'Look at the name servers now', scope: 'connections:write', status: 202, answer: ConnectionView, idempotent: true, waits: true, problems: ['not_found', 'conflict', 'connection_archived'] })
  run(@Param('id') id: string, @From() asking: Asking): Promise<Answer> {
    const { caller } = asking;
    return this.action.run(asking, (tx) => this.verify.run(tx, caller, id, { by: caller.keyId, messageId: null }));
  }
}
