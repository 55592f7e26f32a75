import { z } from 'zod';
import { defineMessage } from '../envelope.js';
import { ReceiptProjection } from '../wire.js';

/**
 * From dns-worker: a receipt that is no answer to the command. What of a plan is safe was written, and the rest will be asked for; or a removal is done in one zone and goes
 * on in another; or a look some time after a write found foreign values gone, and the receipt says so now. No state changes. May overtake the fact that first told the receipt.
 */
export const receiptAmended = defineMessage({
  subject: 'evt.dns.receipt-amended',
  step: 'apply',
  data: z.object({ receipt: ReceiptProjection }),
  golden: {
    receipt: {
      id: 'rcp_00000000000000000000000000000006', plan_id: 'plan_00000000000000000000000000000005', kind: 'apply', zone: { id: 'example.com.', apex: 'example.com.' },
      outcomes: [{ owner_name: 'example.com.', type: 'TXT', action: 'update', ttl_seconds: 300, ttl_seconds_before: 300, added: ['"ours"'], removed: [], status: 'applied', code: null }],
      foreign_losses: [{ owner_name: 'example.com.', type: 'TXT', values: ['"theirs"'], put_back: true }],
      applied_at: '2026-01-01T00:00:01.000Z', undo_until: '2026-01-08T00:00:01.000Z',
    },
  },
});
