import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ApplicationStore } from '../../ports/application-store.port.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { ListView, listView, pageOf, PageQuery } from '../edge/paging.js';
import { ApplicationView, applicationView } from '../views/application.view.js';

@ApiTags('applications')
@Controller('v1/applications')
export class ListApplicationsEndpoint {
  constructor(private readonly applications: ApplicationStore) {}

  @Get()
  @Endpoint({ summary: 'List applications', scope: 'connections:read', status: 200, answer: ListView(ApplicationView), problems: ['malformed_request'] })
  async run(@Query({ schema: PageQuery }) query: PageQuery, @From() { caller }: Asking): Promise<{ items: ApplicationView[]; next_cursor: string | null }> {
    return listView(await this.applications.list(caller, pageOf(query)), query, applicationView, (application) => application.id);
  }
}
