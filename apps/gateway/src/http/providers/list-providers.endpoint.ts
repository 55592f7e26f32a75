import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Circuits } from '../../ports/circuits.port.js';
import { Providers } from '../../ports/providers.port.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { ProviderView, providerView } from './provider-view.js';

@ApiTags('providers')
@Controller('v1/providers')
export class ListProvidersEndpoint {
  constructor(private readonly providers: Providers, private readonly circuits: Circuits) {}

  @Get()
  @Endpoint({ summary: 'Every provider: how a person makes the credential, its form, what the provider can do', scope: 'any', status: 200, answer: z.object({ items: z.array(ProviderView) }) })
  async run(): Promise<{ items: ProviderView[] }> {
    const options = { egressAddresses: this.providers.egressAddresses, circuits: await this.circuits.all() };
    return { items: this.providers.list().map((entry) => providerView(entry, options)) };
  }
}
