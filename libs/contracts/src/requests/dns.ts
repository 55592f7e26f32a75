import { z } from 'zod';
import { defineRequest } from '../envelope.js';
import { WireRecordSet } from '../wire.js';

/** The before- and after-image of one receipt, which stay with the dns-worker. */
export const receiptImage = defineRequest({
  subject: 'rpc.dns.receipt',
  ask: z.object({ tenant_id: z.string(), connection_id: z.string(), receipt_id: z.string() }),
  answer: z.object({ before: z.array(WireRecordSet), after: z.array(WireRecordSet) }),
});
