import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ConnectError } from '@connect/domain';
import { ApplicationStore } from '../../ports/application-store.port.js';
import { KeyStore } from '../../ports/key-store.port.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { ListView, listView, pageOf, PageQuery } from '../edge/paging.js';
import { KeyView, keyView } from '../views/key.view.js';

@ApiTags('keys')
@Controller('v1/applications/:applicationId/keys')
export class ListKeysEndpoint {
  constructor(private readonly keys: KeyStore, private readonly applications: ApplicationStore) {}

  @Get()
  @Endpoint({ summary: 'List keys of the application, without the keys themselves', scope: 'keys:write', status: 200, answer: ListView(KeyView), problems: ['not_found', 'malformed_request'] })
  async run(@Param('applicationId') applicationId: string, @Query({ schema: PageQuery }) query: PageQuery, @From() { caller }: Asking): Promise<{ items: KeyView[]; next_cursor: string | null }> {
    if ((await this.applications.find(caller, applicationId)) === null) throw new ConnectError('not_found');
    return listView(await this.keys.list(applicationId, pageOf(query)), query, keyView, (key) => key.id);
  }
}
