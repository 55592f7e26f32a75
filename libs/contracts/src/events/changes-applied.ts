import { z } from 'zod';
import { defineMessage } from '../envelope.js';
import { ReceiptProjection } from '../wire.js';

/** From dns-worker: the plan is written and was read back. An empty plan gives a receipt without outcomes. */
export const changesApplied = defineMessage({
  subject: 'evt.dns.changes-applied',
  step: 'apply',
  data: z.object({ receipt: ReceiptProjection }),
  golden: {
    receipt: {
      id: 'rcp_00000000000000000000000000000006', plan_id: 'plan_00000000000000000000000000000005', kind: 'apply', zone: { id: 'example.com.', apex: 'example.com.' },
      outcomes: [{ owner_name: 'shop.example.com.', type: 'CNAME', action: 'create', ttl_seconds: 300, ttl_seconds_before: null, added: ['edge.saas.example.'], removed: [], status: 'applied', code: null }],
      foreign_losses: [], applied_at: '2026-01-01T00:00:01.000Z', undo_until: '2026-01-08T00:00:01.000Z',
    },
  },
});
