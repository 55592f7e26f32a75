import { Controller, Delete, HttpCode, Param } from '@nestjs/common';
import { ConnectError } from '@connect/domain';
import { WriteFreezes } from '../../ports/write-freezes.port.js';

/** Inner port. */
@Controller('v1/write-freezes')
export class EndWriteFreezeEndpoint {
  constructor(private readonly freezes: WriteFreezes) {}

  @Delete(':id')
  @HttpCode(204)
  async run(@Param('id') id: string): Promise<void> {
    if (!(await this.freezes.end(id))) throw new ConnectError('not_found');
  }
}
