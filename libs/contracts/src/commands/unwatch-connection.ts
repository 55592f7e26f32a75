import { z } from 'zod';
import { defineMessage } from '../envelope.js';

/** To verifier: stop looking. */
export const unwatchConnection = defineMessage({ subject: 'cmd.verify.unwatch-connection', step: 'unwatch', data: z.object({}), golden: {} });
