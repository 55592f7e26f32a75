import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Detection } from '@connect/contracts';
import { parseHostname } from '@connect/domain';
import { Owners } from '../../ports/owners.port.js';
import { Endpoint } from '../edge/endpoint.decorator.js';

const DomainBody = z.strictObject({ hostname: z.string().min(1).max(1024) });
type DomainBody = z.infer<typeof DomainBody>;

@ApiTags('domains')
@Controller('v1')
export class CheckDomainEndpoint {
  constructor(private readonly owners: Owners) {}

  // A colon begins a parameter in find-my-way; two are one colon of the path.
  @Post('domains::check')
  @Endpoint({ summary: 'Where a domain is hosted and what it serves; nothing is stored', scope: 'connections:read', status: 200, answer: Detection, problems: ['malformed_request', 'malformed_json', 'not_a_domain', 'hostname_is_ip', 'hostname_too_long', 'bad_label', 'public_suffix'] })
  run(@Body({ schema: DomainBody }) body: DomainBody): Promise<Detection> {
    const { ownerName, apex } = parseHostname(body.hostname);
    return this.owners.detect(ownerName, apex);
  }
}
