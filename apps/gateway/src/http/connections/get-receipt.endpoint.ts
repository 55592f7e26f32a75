import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ConnectError } from '@connect/domain';
import { ConnectionStore } from '../../ports/connection-store.port.js';
import { Owners } from '../../ports/owners.port.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { ReceiptImageView, receiptView } from '../views/plan.view.js';

@ApiTags('receipts')
@Controller('v1/connections')
export class GetReceiptEndpoint {
  constructor(private readonly connections: ConnectionStore, private readonly owners: Owners) {}

  @Get(':id/receipts/:receiptId')
  @Endpoint({ summary: 'One write with what stood in the zone before and after it', scope: 'connections:read', status: 200, answer: ReceiptImageView, problems: ['not_found'] })
  async run(@Param('id') id: string, @Param('receiptId') receiptId: string, @From() { caller }: Asking): Promise<z.infer<typeof ReceiptImageView>> {
    if ((await this.connections.find(caller, id)) === null) throw new ConnectError('not_found');
    const receipt = await this.connections.findReceipt(id, receiptId);
    if (receipt === null) throw new ConnectError('not_found');
    return { ...receiptView(receipt), ...(await this.owners.receiptImage(caller.tenantId, id, receiptId)) };
  }
}
