import { z } from 'zod';
import { defineMessage } from '../envelope.js';
import { ReceiptProjection, WireRecordSet } from '../wire.js';

/** From dns-worker: what the ledger owned is gone or was let go. `not_restored`: what we once replaced and do not put back; `removed`: what the verifier has to see absent. */
export const connectionRemoved = defineMessage({
  subject: 'evt.dns.connection-removed',
  step: 'remove',
  data: z.object({ receipt: ReceiptProjection.nullable(), removed: z.array(WireRecordSet), not_restored: z.array(WireRecordSet), kept: z.boolean() }),
  golden: { receipt: null, removed: [{ owner_name: 'shop.example.com.', type: 'CNAME', ttl_seconds: 300, values: ['edge.saas.example.'] }], not_restored: [], kept: false },
});
