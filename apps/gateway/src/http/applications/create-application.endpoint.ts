import { Body, Controller, Inject, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ConnectError, newId, type Clock } from '@connect/domain';
import { Once } from '../../idempotency/once.js';
import { ApplicationStore, type Application } from '../../ports/application-store.port.js';
import { CLOCK } from '../../ports/clock.port.js';
import { Answer } from '../edge/answer.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { ApplicationView, applicationView } from '../views/application.view.js';
import { assertRenders, NewApplication } from './application-schemas.js';

@ApiTags('applications')
@Controller('v1/applications')
export class CreateApplicationEndpoint {
  constructor(private readonly once: Once, private readonly applications: ApplicationStore, @Inject(CLOCK) private readonly clock: Clock) {}

  @Post()
  @Endpoint({ summary: 'Create an application', scope: 'applications:write', status: 201, answer: ApplicationView, idempotent: true, problems: ['record_invalid', 'template_conflict', 'name_out_of_zone'] })
  async run(@Body({ schema: NewApplication }) body: NewApplication, @From() { caller, call }: Asking): Promise<Answer> {
    if (caller.applicationId !== null) throw new ConnectError('forbidden_scope', { detail: 'a key of one application makes no other application' });
    if (body.record_template !== undefined) assertRenders(body.record_template);
    const now = this.clock.now();
    const application: Application = {
      id: newId('application'), tenant_id: caller.tenantId, name: body.name, conflict_policy: body.conflict_policy, shared_credentials: body.shared_credentials,
      template_version: body.record_template === undefined ? null : 1, record_template: body.record_template ?? null, created_at: now, updated_at: now,
    };
    return new Answer(await this.once.run(call, async (tx) => {
      await this.applications.insert(tx, application, caller.keyId);
      return { status: 201, body: applicationView(application), location: `/v1/applications/${application.id}` };
    }));
  }
}
