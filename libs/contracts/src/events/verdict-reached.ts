import { z } from 'zod';
import { defineMessage } from '../envelope.js';
import { VerdictProjection } from '../wire.js';

/** From verifier: what a propagation check concluded. Sent at each change of the verdict, and after a command that asks again. */
export const verdictReached = defineMessage({
  subject: 'evt.verify.verdict-reached',
  step: 'watch',
  data: z.object({ expectation: z.enum(['present', 'absent']), projection: VerdictProjection, next_check_at: z.iso.datetime() }),
  golden: {
    expectation: 'present',
    projection: {
      verdict: 'published', codes: ['expected_value', 'negative_cached'], servers: [{ server: 'ns1.example.net.', address: '192.0.2.53', owner_name: 'shop.example.com.', type: 'CNAME', code: 'expected_value', observed_at: '2026-01-01T00:00:02.000Z' }],
      warnings: [], findings: [{ code: 'negative_cached', owner_name: 'shop.example.com.', type: 'CNAME', detail: 'the resolver 192.0.2.1 says NXDOMAIN', expected_by: '2026-01-01T00:04:58.000Z' }],
      visible_at_resolvers: false, as_of: '2026-01-01T00:00:02.000Z',
    },
    next_check_at: '2026-01-01T00:05:02.000Z',
  },
});
