import { Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ConnectError } from '@connect/domain';
import { ChangeConnection } from '../../connections/change-connection.js';
import { PreviewPlan } from '../../connections/preview-plan.use-case.js';
import { Once } from '../../idempotency/once.js';
import { ConnectionStore } from '../../ports/connection-store.port.js';
import { Answer } from '../edge/answer.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { PlanView, planView } from '../views/plan.view.js';

@ApiTags('plans')
@Controller('v1/connections')
export class PreviewPlanEndpoint {
  constructor(private readonly once: Once, private readonly preview: PreviewPlan, private readonly changes: ChangeConnection, private readonly connections: ConnectionStore) {}

  @Post(':id/plan')
  @Endpoint({ summary: 'Ask what would be written now; nothing is. GET …/plan?plan_id= shows it, valid for an hour', scope: 'connections:write', status: 202, answer: PlanView, idempotent: true, problems: ['not_found', 'connection_archived', 'credential_missing'] })
  async run(@Param('id') id: string, @From() { caller, call }: Asking): Promise<Answer> {
    const kept = await this.once.run(call, async (tx, afterCommit) => {
      const { life, planId } = await this.preview.run(tx, caller, id, { by: caller.keyId, messageId: null });
      afterCommit(() => this.changes.announce(life));
      const pending = await this.connections.latestPlan(id, planId, tx);
      if (pending === null) throw new ConnectError('internal');
      return { status: 202, body: planView(pending), location: `/v1/connections/${id}/plan?plan_id=${planId}` };
    });
    return new Answer(kept);
  }
}
