import { z } from 'zod';
import { defineMessage } from '../envelope.js';

/** To dns-worker: ask the provider, read-only, what the credential is good for. Answered by `evt.dns.credential-checked`. */
export const checkCredential = defineMessage({
  subject: 'cmd.dns.check-credential',
  step: 'check',
  connectionless: true,
  data: z.object({ application_id: z.string(), credential_id: z.string(), provider: z.string(), zone: z.string().nullable() }),
  golden: { application_id: 'app_00000000000000000000000000000003', credential_id: 'cred_00000000000000000000000000000004', provider: 'powerdns', zone: null },
});
