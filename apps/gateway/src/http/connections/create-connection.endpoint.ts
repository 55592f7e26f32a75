import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ConnectRequest } from '@connect/contracts';
import { CreateConnection } from '../../connections/create-connection.use-case.js';
import type { Answer } from '../edge/answer.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { ConnectionView } from '../views/connection.view.js';
import { ConnectionAction } from './connection-action.js';

@ApiTags('connections')
@Controller('v1/connections')
export class CreateConnectionEndpoint {
  constructor(private readonly action: ConnectionAction, private readonly create: CreateConnection) {}

  @Post()
  @Endpoint({
    summary: "Connect a customer's domain", scope: 'connections:write', status: 202, answer: ConnectionView, idempotent: true, waits: true,
    problems: [
      'not_found', 'not_a_domain', 'hostname_is_ip', 'hostname_too_long', 'bad_label', 'public_suffix', 'name_out_of_zone', 'record_invalid', 'template_variable_missing', 'template_conflict', 'template_missing', 'unknown_provider',
      'provider_mismatch', 'hostname_claimed',
    ],
  })
  run(@Body({ schema: ConnectRequest }) body: ConnectRequest, @From() asking: Asking): Promise<Answer> {
    const { caller } = asking;
    const cause = { by: caller.keyId, messageId: null };
    return this.action.runAlone(asking, { within: (tx) => this.create.run(tx, caller, body, cause), alone: () => this.create.runAlone(caller, body, cause) });
  }
}
