import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ConnectError } from '@connect/domain';
import { CredentialStore } from '../../ports/credential-store.port.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { CredentialView, credentialView } from '../views/credential.view.js';

@ApiTags('credentials')
@Controller('v1/applications/:applicationId/credentials')
export class GetCredentialEndpoint {
  constructor(private readonly credentials: CredentialStore) {}

  @Get(':id')
  @Endpoint({ summary: 'Read what is known of a credential', scope: 'connections:read', status: 200, answer: CredentialView, problems: ['not_found'] })
  async run(@Param('applicationId') applicationId: string, @Param('id') id: string, @From() { caller }: Asking): Promise<CredentialView> {
    const credential = await this.credentials.find(caller, applicationId, id);
    if (credential === null) throw new ConnectError('not_found');
    return credentialView(credential);
  }
}
