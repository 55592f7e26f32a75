import { Body, Controller, Param, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ConnectError } from '@connect/domain';
import { ApplicationStore } from '../../ports/application-store.port.js';
import { Database } from '../../ports/database.port.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { ApplicationView, applicationView } from '../views/application.view.js';
import { ApplicationPatch, assertRenders } from './application-schemas.js';

@ApiTags('applications')
@Controller('v1/applications')
export class ChangeApplicationEndpoint {
  constructor(private readonly database: Database, private readonly applications: ApplicationStore) {}

  @Patch(':id')
  @Endpoint({ summary: 'Change an application; connections keep the template version they were rendered from', scope: 'applications:write', status: 200, answer: ApplicationView, problems: ['not_found', 'malformed_request', 'malformed_json', 'record_invalid', 'template_conflict', 'name_out_of_zone'] })
  async run(@Param('id') id: string, @Body({ schema: ApplicationPatch }) body: ApplicationPatch, @From() { caller }: Asking): Promise<ApplicationView> {
    if (body.record_template !== undefined && body.record_template !== null) assertRenders(body.record_template);
    const application = await this.database.transaction((tx) => this.applications.change(tx, caller, id, body, caller.keyId));
    if (application === null) throw new ConnectError('not_found');
    return applicationView(application);
  }
}
