import { Controller, Delete, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ConnectError } from '@connect/domain';
import { assertSeesApplication } from '../../ports/caller.js';
import { KeyStore } from '../../ports/key-store.port.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';

@ApiTags('keys')
@Controller('v1/applications/:applicationId/keys')
export class RevokeKeyEndpoint {
  constructor(private readonly keys: KeyStore) {}

  @Delete(':keyId')
  @Endpoint({ summary: 'Revoke a key', scope: 'keys:write', status: 204, problems: ['not_found'] })
  async run(@Param('applicationId') applicationId: string, @Param('keyId') keyId: string, @From() { caller }: Asking): Promise<void> {
    assertSeesApplication(caller, applicationId);
    if (!(await this.keys.revoke(caller.tenantId, applicationId, keyId))) throw new ConnectError('not_found');
  }
}
