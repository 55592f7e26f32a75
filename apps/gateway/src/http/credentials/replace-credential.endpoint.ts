import { Body, Controller, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ReplaceCredential } from '../../credentials/replace-credential.use-case.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { CredentialView, credentialView } from '../views/credential.view.js';
import { ReplacementBody } from './credential-schemas.js';

@ApiTags('credentials')
@Controller('v1/applications/:applicationId/credentials')
export class ReplaceCredentialEndpoint {
  constructor(private readonly credentials: ReplaceCredential) {}

  @Put(':id')
  @Endpoint({ summary: 'Replace the secret; connections that waited because of the old one go on', scope: 'credentials:write', status: 200, answer: CredentialView, problems: ['not_found', 'credential_format', 'malformed_request', 'malformed_json'] })
  async run(@Param('applicationId') applicationId: string, @Param('id') id: string, @Body({ schema: ReplacementBody }) body: ReplacementBody, @From() { caller }: Asking): Promise<CredentialView> {
    return credentialView(await this.credentials.run(caller, applicationId, id, { token: body.token, label: body.label, zone: body.zone, check: body.check }));
  }
}
