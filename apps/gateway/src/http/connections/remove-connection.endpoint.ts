import { Controller, Delete, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { RemoveConnection } from '../../connections/remove-connection.use-case.js';
import type { Answer } from '../edge/answer.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { ConnectionView } from '../views/connection.view.js';
import { ConnectionAction } from './connection-action.js';

const RemovalQuery = z.strictObject({ keep_records: z.enum(['true', 'false']).optional() });
type RemovalQuery = z.infer<typeof RemovalQuery>;

@ApiTags('connections')
@Controller('v1/connections')
export class RemoveConnectionEndpoint {
  constructor(private readonly action: ConnectionAction, private readonly remove: RemoveConnection) {}

  @Delete(':id')
  @Endpoint({ summary: 'Take a connection back: what we wrote is removed, or with keep_records=true only let go', scope: 'connections:write', status: 202, answer: ConnectionView, waits: true, problems: ['not_found', 'malformed_request'] })
  run(@Param('id') id: string, @Query({ schema: RemovalQuery }) query: RemovalQuery, @From() asking: Asking): Promise<Answer> {
    const { caller } = asking;
    return this.action.run(asking, (tx) => this.remove.run(tx, caller, id, query.keep_records === 'true', { by: caller.keyId, messageId: null }));
  }
}
