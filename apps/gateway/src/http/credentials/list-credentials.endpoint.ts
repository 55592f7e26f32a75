import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ConnectError } from '@connect/domain';
import { ApplicationStore } from '../../ports/application-store.port.js';
import { CredentialStore } from '../../ports/credential-store.port.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { ListView, listView, pageOf, PageQuery } from '../edge/paging.js';
import { CredentialView, credentialView } from '../views/credential.view.js';

@ApiTags('credentials')
@Controller('v1/applications/:applicationId/credentials')
export class ListCredentialsEndpoint {
  constructor(private readonly credentials: CredentialStore, private readonly applications: ApplicationStore) {}

  @Get()
  @Endpoint({ summary: 'List credentials; no part of a secret ever comes back', scope: 'connections:read', status: 200, answer: ListView(CredentialView), problems: ['not_found', 'malformed_request'] })
  async run(@Param('applicationId') applicationId: string, @Query({ schema: PageQuery }) query: PageQuery, @From() { caller }: Asking): Promise<{ items: CredentialView[]; next_cursor: string | null }> {
    if ((await this.applications.find(caller, applicationId)) === null) throw new ConnectError('not_found');
    return listView(await this.credentials.list(caller, applicationId, pageOf(query)), query, credentialView, (credential) => credential.id);
  }
}
