import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { isConnectError } from '@connect/domain';
import { ApprovePlan } from '../../connections/approve-plan.use-case.js';
import type { Answer } from '../edge/answer.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { ConnectionView } from '../views/connection.view.js';
import { ConnectionAction } from './connection-action.js';

const ApprovalBody = z.strictObject({ plan_id: z.string().max(64), hash: z.string().max(128) });
type ApprovalBody = z.infer<typeof ApprovalBody>;

@ApiTags('connections')
@Controller('v1/connections')
export class ApprovePlanEndpoint {
  constructor(private readonly action: ConnectionAction, private readonly approve: ApprovePlan) {}

  @Post(':id/approve')
  @Endpoint({ summary: 'Approve the plan that was read, by its id and hash', scope: 'connections:approve', status: 202, answer: ConnectionView, idempotent: true, waits: true, problems: ['not_found', 'conflict', 'approval_stale', 'hostname_claimed'] })
  async run(@Param('id') id: string, @Body({ schema: ApprovalBody }) body: ApprovalBody, @From() asking: Asking): Promise<Answer> {
    const { caller } = asking;
    const cause = { by: caller.keyId, messageId: null };
    try {
      return await this.action.run(asking, (tx) => this.approve.run(tx, caller, id, body, cause));
    } catch (error) {
      if (isConnectError(error) && error.code === 'approval_stale') await this.action.run({ ...asking, call: null, waitMs: 0 }, (tx) => this.approve.replanIfOver(tx, caller, id, cause));
      throw error;
    }
  }
}
