import { z } from 'zod';
import { defineMessage } from '../envelope.js';
import { Detection } from '../wire.js';

/** From verifier: where the domain's DNS is hosted and what the name serves now. */
export const domainDetected = defineMessage({
  subject: 'evt.verify.domain-detected',
  step: 'detect',
  data: z.object({ detection: Detection }),
  golden: {
    detection: { hostname: 'shop.example.com.', apex: 'example.com.', zone_cut: 'example.com.', name_servers: ['ns1.example.net.'], providers: ['powerdns'], domain_connect: null, served: [], code: 'found', as_of: '2026-01-01T00:00:00.000Z' },
  },
});
