import { Controller, Get } from '@nestjs/common';
import type { WriteFreeze } from '@connect/contracts';
import { WriteFreezes } from '../../ports/write-freezes.port.js';

/** Inner port. */
@Controller('v1/write-freezes')
export class ListWriteFreezesEndpoint {
  constructor(private readonly freezes: WriteFreezes) {}

  @Get()
  async run(): Promise<{ items: WriteFreeze[] }> {
    return { items: await this.freezes.list() };
  }
}
