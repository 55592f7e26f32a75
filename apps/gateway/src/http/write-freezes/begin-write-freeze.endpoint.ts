import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { z } from 'zod';
import type { WriteFreeze } from '@connect/contracts';
import { newId } from '@connect/domain';
import { Providers } from '../../ports/providers.port.js';
import { WriteFreezes } from '../../ports/write-freezes.port.js';

const reason = z.string().min(1).max(500);
const NewWriteFreeze = z.discriminatedUnion('scope', [
  z.strictObject({ scope: z.literal('installation'), reason }),
  z.strictObject({ scope: z.literal('provider'), provider: z.string().max(64), reason }),
  z.strictObject({ scope: z.literal('tenant'), tenant_id: z.string().max(64), reason }),
]);
type NewWriteFreeze = z.infer<typeof NewWriteFreeze>;

/** Inner port: nothing is written from here on; what is under way at a provider ends. */
@Controller('v1/write-freezes')
export class BeginWriteFreezeEndpoint {
  constructor(private readonly freezes: WriteFreezes, private readonly providers: Providers) {}

  @Post()
  @HttpCode(201)
  async run(@Body({ schema: NewWriteFreeze }) body: NewWriteFreeze): Promise<WriteFreeze> {
    return this.freezes.begin({ id: newId('writeFreeze'), scope: body.scope, value: this.frozenValue(body), reason: body.reason });
  }

  private frozenValue(body: NewWriteFreeze): string | null {
    switch (body.scope) {
      case 'installation':
        return null;
      case 'provider':
        return this.providers.get(body.provider).id;
      case 'tenant':
        return body.tenant_id;
    }
  }
}
