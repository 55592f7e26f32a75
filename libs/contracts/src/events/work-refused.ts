import { z } from 'zod';
import { errorCodes } from '@connect/domain';
import { defineMessage } from '../envelope.js';

/** From dns-worker: this step ended without its effect; the code says who has to act. Nothing was half-written, or `detail` says what. */
export const workRefused = defineMessage({
  subject: 'evt.dns.work-refused',
  step: 'apply',
  data: z.object({ code: z.enum(errorCodes), detail: z.string().nullable(), of: z.enum(['apply', 'remove', 'undo', 'preview']) }),
  golden: { code: 'rejected_credential', detail: null, of: 'apply' },
});
