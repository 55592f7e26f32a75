import { Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { UndoReceipt } from '../../connections/undo-receipt.use-case.js';
import type { Answer } from '../edge/answer.js';
import { From, type Asking } from '../edge/asking.js';
import { Endpoint } from '../edge/endpoint.decorator.js';
import { ConnectionView } from '../views/connection.view.js';
import { ConnectionAction } from './connection-action.js';

@ApiTags('receipts')
@Controller('v1/connections')
export class UndoReceiptEndpoint {
  constructor(private readonly action: ConnectionAction, private readonly undo: UndoReceipt) {}

  @Post(':id/receipts/:receiptId/undo')
  @Endpoint({ summary: 'Put back what stood there before, where nothing else changed since', scope: 'connections:write', status: 202, answer: ConnectionView, idempotent: true, waits: true, problems: ['not_found', 'conflict', 'credential_missing', 'hostname_claimed'] })
  run(@Param('id') id: string, @Param('receiptId') receiptId: string, @From() asking: Asking): Promise<Answer> {
    const { caller } = asking;
    return this.action.run(asking, (tx) => this.undo.run(tx, caller, id, receiptId, { by: caller.keyId, messageId: null }));
  }
}
