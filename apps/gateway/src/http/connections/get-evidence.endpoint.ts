import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { evidence } from '@connect/contracts';
import { ConnectError } from '@connect/domain';
import { ConnectionStore } from '../../ports/connection-store.port.js';
import { Owners } from '../../ports/owners.port.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';

@ApiTags('connections')
@Controller('v1/connections')
export class GetEvidenceEndpoint {
  constructor(private readonly connections: ConnectionStore, private readonly owners: Owners) {}

  @Get(':id/evidence')
  @Endpoint({ summary: 'What each name server answered in the last look', scope: 'connections:read', status: 200, answer: evidence.answer, problems: ['not_found'] })
  async run(@Param('id') id: string, @From() { caller }: Asking): Promise<z.infer<typeof evidence.answer>> {
    if ((await this.connections.find(caller, id)) === null) throw new ConnectError('not_found');
    return this.owners.evidence(caller.tenantId, id);
  }
}
