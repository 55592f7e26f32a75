import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ConnectError } from '@connect/domain';
import { ConnectionStore } from '../../ports/connection-store.port.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { ListView, listView, pageOf, PageQuery } from '../edge/paging.js';
import { ReceiptView, receiptView } from '../views/plan.view.js';

@ApiTags('receipts')
@Controller('v1/connections')
export class ListReceiptsEndpoint {
  constructor(private readonly connections: ConnectionStore) {}

  @Get(':id/receipts')
  @Endpoint({ summary: 'What was written for the connection', scope: 'connections:read', status: 200, answer: ListView(ReceiptView), problems: ['not_found', 'malformed_request'] })
  async run(@Param('id') id: string, @Query({ schema: PageQuery }) query: PageQuery, @From() { caller }: Asking): Promise<{ items: ReceiptView[]; next_cursor: string | null }> {
    if ((await this.connections.find(caller, id)) === null) throw new ConnectError('not_found');
    return listView(await this.connections.receipts(id, pageOf(query)), query, receiptView, (receipt) => receipt.id);
  }
}
