import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { beginWriteFreeze, endWriteFreeze, listWriteFreezes } from '@connect/contracts';
import { Answers } from '@connect/messaging';
import type { WriteFreezes } from '../ports/write-freezes.port.js';
import { WRITE_FREEZES } from '../tokens.js';

/** `rpc.dns.*-write-freeze(s)`: the operator stops and resumes writing. It is looked at in every turn, so a write under way is finished. */
@Controller()
export class WriteFreezesHandler {
  constructor(@Inject(WRITE_FREEZES) private readonly freezes: WriteFreezes) {}

  @Answers(listWriteFreezes)
  async list(): Promise<z.infer<typeof listWriteFreezes.answer>> {
    return { freezes: await this.freezes.list() };
  }

  @Answers(beginWriteFreeze)
  async begin(@Payload() ask: z.infer<typeof beginWriteFreeze.ask>): Promise<z.infer<typeof beginWriteFreeze.answer>> {
    return { freeze: await this.freezes.begin(ask) };
  }

  @Answers(endWriteFreeze)
  async end(@Payload() ask: z.infer<typeof endWriteFreeze.ask>): Promise<z.infer<typeof endWriteFreeze.answer>> {
    return { ended: await this.freezes.end(ask.id) };
  }
}
