import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { StoreCredential } from '../../credentials/store-credential.use-case.js';
import { Answer } from '../edge/answer.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { CredentialView, credentialView } from '../views/credential.view.js';
import { NewCredentialBody } from './credential-schemas.js';

@ApiTags('credentials')
@Controller('v1/applications/:applicationId/credentials')
export class StoreCredentialEndpoint {
  constructor(private readonly credentials: StoreCredential) {}

  @Post()
  @Endpoint({ summary: "Store a customer's provider credential", scope: 'credentials:write', status: 201, answer: CredentialView, idempotent: true, problems: ['not_found', 'unknown_provider', 'credential_format', 'unsupported'] })
  async run(@Param('applicationId') applicationId: string, @Body({ schema: NewCredentialBody }) body: NewCredentialBody, @From() { caller, call }: Asking): Promise<Answer> {
    const request = { provider: body.provider, token: body.token, label: body.label ?? null, zone: body.zone ?? null, customerReference: body.customer_reference ?? null, check: body.check };
    const location = (id: string): string => `/v1/applications/${applicationId}/credentials/${id}`;
    return new Answer(await this.credentials.run(caller, applicationId, request, call, (credential) => ({ status: 201, body: credentialView(credential), location: location(credential.id) })));
  }
}
