import { Controller, Delete, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DestroyCredential } from '../../credentials/end-credential.use-case.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';

@ApiTags('credentials')
@Controller('v1/applications/:applicationId/credentials')
export class DestroyCredentialEndpoint {
  constructor(private readonly credentials: DestroyCredential) {}

  @Delete(':id')
  @Endpoint({ summary: 'Destroy the stored secret for good', scope: 'credentials:write', status: 202, problems: ['not_found'] })
  async run(@Param('applicationId') applicationId: string, @Param('id') id: string, @From() { caller }: Asking): Promise<void> {
    await this.credentials.run(caller, applicationId, id);
  }
}
