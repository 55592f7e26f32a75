import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { WireReason } from '@connect/contracts';
import { ConnectError, connectionStates } from '@connect/domain';
import { explain } from '../../connections/explain.js';
import { ClaimStore } from '../../ports/claim-store.port.js';
import { ConnectionStore } from '../../ports/connection-store.port.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';

const ExplanationView = z.object({
  state: z.enum(connectionStates), reason: WireReason.nullable(), sentences: z.array(z.string()),
  claim: z.object({ state: z.enum(['reserved', 'held', 'quarantined', 'released']), proven_at: z.iso.datetime().nullable() }).nullable(),
}).meta({ id: 'Explanation' });
type ExplanationView = z.infer<typeof ExplanationView>;

@ApiTags('connections')
@Controller('v1/connections')
export class ExplainConnectionEndpoint {
  constructor(private readonly connections: ConnectionStore, private readonly claims: ClaimStore) {}

  @Get(':id/explain')
  @Endpoint({ summary: 'Where the connection stands, in sentences', scope: 'connections:read', status: 200, answer: ExplanationView, problems: ['not_found'] })
  async run(@Param('id') id: string, @From() { caller }: Asking): Promise<ExplanationView> {
    const connection = await this.connections.find(caller, id);
    if (connection === null) throw new ConnectError('not_found');
    const [claim, plan] = await Promise.all([this.claims.find(id), this.connections.latestPlan(id, null)]);
    return { state: connection.state, reason: connection.reason, sentences: explain(connection, claim, plan), claim: claim === null ? null : { state: claim.state, proven_at: claim.proven_at?.toISOString() ?? null } };
  }
}
