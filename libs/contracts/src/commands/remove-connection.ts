import { z } from 'zod';
import { defineMessage } from '../envelope.js';

/** To dns-worker: take away what the connection's ledger owns, or with `keep_records` only let go. Older work of the connection is superseded. */
export const removeConnection = defineMessage({
  subject: 'cmd.dns.remove-connection',
  step: 'remove',
  data: z.object({ application_id: z.string(), hostname: z.string(), provider: z.string().nullable(), credential_id: z.string().nullable(), zone: z.string().nullable(), keep_records: z.boolean() }),
  golden: { application_id: 'app_00000000000000000000000000000003', hostname: 'shop.example.com.', provider: 'powerdns', credential_id: 'cred_00000000000000000000000000000004', zone: null, keep_records: false },
});
