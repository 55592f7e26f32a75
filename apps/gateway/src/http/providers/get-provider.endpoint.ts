import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ConnectError } from '@connect/domain';
import { Circuits } from '../../ports/circuits.port.js';
import { Providers } from '../../ports/providers.port.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { ProviderView, providerView } from './provider-view.js';

/** The zone as the provider names it: its DNS name, or its id where the provider has one. It ends up in text that people copy, so nothing but letters, digits and `.`, `_`, `-`. */
const ZoneQuery = z.strictObject({ zone: z.string().regex(/^[A-Za-z0-9._-]{1,255}$/, 'the name or the id of a zone').optional() });
type ZoneQuery = z.infer<typeof ZoneQuery>;

@ApiTags('providers')
@Controller('v1/providers')
export class GetProviderEndpoint {
  constructor(private readonly providers: Providers, private readonly circuits: Circuits) {}

  @Get(':key')
  @Endpoint({ summary: 'One provider; with `zone` its steps and minimal policy are written out for that zone', scope: 'any', status: 200, answer: ProviderView, problems: ['not_found', 'malformed_request'] })
  async run(@Param('key') key: string, @Query({ schema: ZoneQuery }) { zone }: ZoneQuery): Promise<ProviderView> {
    const descriptor = this.providers.list().find((each) => each.id === key);
    if (descriptor === undefined) throw new ConnectError('not_found');
    return providerView(descriptor, { egressAddresses: this.providers.egressAddresses, circuits: await this.circuits.all(), zone });
  }
}
