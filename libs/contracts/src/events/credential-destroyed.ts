import { z } from 'zod';
import { defineMessage } from '../envelope.js';

/** From credential-vault: the sealed secret is gone. */
export const credentialDestroyed = defineMessage({
  subject: 'evt.vault.credential-destroyed',
  step: 'destroy',
  connectionless: true,
  data: z.object({ credential_id: z.string() }),
  golden: { credential_id: 'cred_00000000000000000000000000000004' },
});
