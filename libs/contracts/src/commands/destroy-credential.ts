import { z } from 'zod';
import { defineMessage } from '../envelope.js';

/** To credential-vault: destroy the sealed secret. Answered by `evt.vault.credential-destroyed`. */
export const destroyCredential = defineMessage({
  subject: 'cmd.vault.destroy-credential',
  step: 'destroy',
  connectionless: true,
  data: z.object({ credential_id: z.string() }),
  golden: { credential_id: 'cred_00000000000000000000000000000004' },
});
