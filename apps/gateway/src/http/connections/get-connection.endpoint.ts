import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ConnectError } from '@connect/domain';
import { WaitUntilSettled } from '../../connections/wait-until-settled.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { ConnectionView, connectionView } from '../views/connection.view.js';

@ApiTags('connections')
@Controller('v1/connections')
export class GetConnectionEndpoint {
  constructor(private readonly waiting: WaitUntilSettled) {}

  @Get(':id')
  @Endpoint({ summary: 'Read a connection', scope: 'connections:read', status: 200, answer: ConnectionView, waits: true, problems: ['not_found'] })
  async run(@Param('id') id: string, @From() { caller, waitMs }: Asking): Promise<ConnectionView> {
    const connection = await this.waiting.run(caller, id, waitMs);
    if (connection === null) throw new ConnectError('not_found');
    return connectionView(connection);
  }
}
