import { z } from 'zod';
import { defineMessage } from '../envelope.js';

/** To dns-worker: plan the restoring of a receipt's before-values where nothing else changed since, and write it if the plan is safe or approved. */
export const undoReceipt = defineMessage({
  subject: 'cmd.dns.undo-receipt',
  step: 'undo',
  data: z.object({ application_id: z.string(), hostname: z.string(), provider: z.string(), credential_id: z.string(), zone: z.string().nullable(), receipt_id: z.string(), /** Of an undo plan that was not safe. */ approval: z.object({ plan_id: z.string(), hash: z.string() }).nullable().optional() }),
  golden: { application_id: 'app_00000000000000000000000000000003', hostname: 'shop.example.com.', provider: 'powerdns', credential_id: 'cred_00000000000000000000000000000004', zone: null, receipt_id: 'rcp_00000000000000000000000000000006' },
});
