import { z } from 'zod';
import { defineMessage } from '../envelope.js';

/** To verifier: find the zone cut, its name servers and the provider of a hostname. Answered by `evt.verify.domain-detected`. */
export const detectDomain = defineMessage({
  subject: 'cmd.verify.detect-domain',
  step: 'detect',
  data: z.object({ hostname: z.string(), apex: z.string() }),
  golden: { hostname: 'shop.example.com.', apex: 'example.com.' },
});
