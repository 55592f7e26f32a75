import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { receiptImage, recordSetToWire } from '@connect/contracts';
import { ConnectError } from '@connect/domain';
import { Answers } from '@connect/messaging';
import type { Receipts } from '../ports/records.port.js';
import { RECEIPTS } from '../tokens.js';

/** `rpc.dns.receipt`: what stood in the zone before and after one write of ours. */
@Controller()
export class ReceiptHandler {
  constructor(@Inject(RECEIPTS) private readonly receipts: Receipts) {}

  @Answers(receiptImage)
  async answer(@Payload() ask: z.infer<typeof receiptImage.ask>): Promise<z.infer<typeof receiptImage.answer>> {
    const receipt = await this.receipts.find(ask.tenant_id, ask.connection_id, ask.receipt_id);
    if (receipt === null) throw new ConnectError('not_found');
    const present = <T>(set: T | null): set is T => set !== null;
    return { before: receipt.changes.map(({ before }) => before).filter(present).map(recordSetToWire), after: receipt.changes.map(({ after }) => after).filter(present).map(recordSetToWire) };
  }
}
