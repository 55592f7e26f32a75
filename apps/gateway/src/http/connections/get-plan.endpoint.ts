import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ConnectError } from '@connect/domain';
import { ConnectionStore } from '../../ports/connection-store.port.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { PlanView, planView } from '../views/plan.view.js';

const PlanQuery = z.strictObject({ plan_id: z.string().max(64).optional() });
type PlanQuery = z.infer<typeof PlanQuery>;

@ApiTags('plans')
@Controller('v1/connections')
export class GetPlanEndpoint {
  constructor(private readonly connections: ConnectionStore) {}

  @Get(':id/plan')
  @Endpoint({ summary: 'The newest plan with its consequences in words, or the one that is named', scope: 'connections:read', status: 200, answer: PlanView, problems: ['not_found', 'malformed_request'] })
  async run(@Param('id') id: string, @Query({ schema: PlanQuery }) query: PlanQuery, @From() { caller }: Asking): Promise<PlanView> {
    if ((await this.connections.find(caller, id)) === null) throw new ConnectError('not_found');
    const plan = await this.connections.latestPlan(id, query.plan_id ?? null);
    if (plan === null) throw new ConnectError('not_found', { detail: 'no plan was made yet' });
    return planView(plan);
  }
}
