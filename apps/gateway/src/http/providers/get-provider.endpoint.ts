import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ConnectError } from '@connect/domain';
import { Providers } from '../../ports/providers.port.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { ProviderView, providerView } from './provider-view.js';

@ApiTags('providers')
@Controller('v1/providers')
export class GetProviderEndpoint {
  constructor(private readonly providers: Providers) {}

  @Get(':key')
  @Endpoint({ summary: 'One provider', scope: 'any', status: 200, answer: ProviderView, problems: ['not_found'] })
  run(@Param('key') key: string): ProviderView {
    const descriptor = this.providers.list().find((each) => each.id === key);
    if (descriptor === undefined) throw new ConnectError('not_found');
    return providerView(descriptor);
  }
}
