import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Once } from '../../idempotency/once.js';
import { CreateKey } from '../../keys/create-key.use-case.js';
import { scopes } from '../../ports/caller.js';
import { Answer } from '../edge/answer.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { keyView, ShownKeyView } from '../views/key.view.js';

export const NewKey = z.strictObject({ name: z.string().min(1).max(200).optional(), scopes: z.array(z.enum(scopes)).min(1).max(scopes.length), expires_at: z.iso.datetime().optional() });
export type NewKey = z.infer<typeof NewKey>;

@ApiTags('keys')
@Controller('v1/applications/:applicationId/keys')
export class CreateKeyEndpoint {
  constructor(private readonly once: Once, private readonly keys: CreateKey) {}

  @Post()
  @Endpoint({ summary: 'Create a key of the application; it is shown once', scope: 'keys:write', status: 201, answer: ShownKeyView, idempotent: true, problems: ['not_found', 'already_shown'] })
  async run(@Param('applicationId') applicationId: string, @Body({ schema: NewKey }) body: NewKey, @From() { caller, call }: Asking): Promise<Answer> {
    const request = { name: body.name ?? null, scopes: [...new Set(body.scopes)], expiresAt: body.expires_at === undefined ? null : new Date(body.expires_at) };
    return new Answer(await this.once.run(call, async (tx) => {
      const { stored, key } = await this.keys.forApplication(tx, caller, applicationId, request);
      return { status: 201, body: { ...keyView(stored), key: key.open((text) => text) }, shown_once: true };
    }));
  }
}
