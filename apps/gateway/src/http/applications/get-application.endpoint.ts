import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ConnectError } from '@connect/domain';
import { ApplicationStore } from '../../ports/application-store.port.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { ApplicationView, applicationView } from '../views/application.view.js';

@ApiTags('applications')
@Controller('v1/applications')
export class GetApplicationEndpoint {
  constructor(private readonly applications: ApplicationStore) {}

  @Get(':id')
  @Endpoint({ summary: 'Read an application', scope: 'connections:read', status: 200, answer: ApplicationView, problems: ['not_found'] })
  async run(@Param('id') id: string, @From() { caller }: Asking): Promise<ApplicationView> {
    const application = await this.applications.find(caller, id);
    if (application === null) throw new ConnectError('not_found');
    return applicationView(application);
  }
}
