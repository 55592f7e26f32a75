import { z } from 'zod';
import { errorCodes } from '@connect/domain';
import { defineMessage } from '../envelope.js';

/** From dns-worker: the step waits and will be tried again by itself, so that a person can be told why. No state changes. */
export const workDelayed = defineMessage({
  subject: 'evt.dns.work-delayed',
  step: 'apply',
  data: z.object({ code: z.enum(errorCodes), detail: z.string().nullable(), next_check_at: z.iso.datetime(), of: z.enum(['apply', 'remove', 'undo', 'preview']) }),
  golden: { code: 'rate_limited', detail: null, next_check_at: '2026-01-01T00:00:30.000Z', of: 'apply' },
});
