import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { UpdateConnection, UpdateRequest } from '../../connections/update-connection.use-case.js';
import type { Answer } from '../edge/answer.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { ConnectionView } from '../views/connection.view.js';
import { ConnectionAction } from './connection-action.js';

@ApiTags('connections')
@Controller('v1/connections')
export class UpdateConnectionEndpoint {
  constructor(private readonly action: ConnectionAction, private readonly update: UpdateConnection) {}

  @Post(':id/update')
  @Endpoint({
    summary: 'Bring the connection to the present record template, or to other records, variables or another credential', scope: 'connections:write', status: 202, answer: ConnectionView, idempotent: true, waits: true,
    problems: ['not_found', 'conflict', 'connection_archived', 'hostname_claimed', 'record_invalid', 'name_out_of_zone', 'template_variable_missing', 'template_conflict', 'template_missing'],
  })
  run(@Param('id') id: string, @Body({ schema: UpdateRequest }) body: UpdateRequest, @From() asking: Asking): Promise<Answer> {
    const { caller } = asking;
    return this.action.run(asking, (tx) => this.update.run(tx, caller, id, body, { by: caller.keyId, messageId: null }));
  }
}
