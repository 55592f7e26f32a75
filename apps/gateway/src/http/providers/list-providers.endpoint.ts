import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Providers } from '../../ports/providers.port.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { ProviderView, providerView } from './provider-view.js';

@ApiTags('providers')
@Controller('v1/providers')
export class ListProvidersEndpoint {
  constructor(private readonly providers: Providers) {}

  @Get()
  @Endpoint({ summary: 'Every provider: how a person makes the credential, its form, what the provider can do', scope: 'any', status: 200, answer: z.object({ items: z.array(ProviderView) }) })
  run(): { items: ProviderView[] } {
    return { items: this.providers.list().map((entry) => providerView(entry, this.providers)) };
  }
}
