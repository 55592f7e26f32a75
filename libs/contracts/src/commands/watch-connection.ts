import { z } from 'zod';
import { defineMessage } from '../envelope.js';
import { WireRecordSet } from '../wire.js';

/**
 * To verifier: look at these record sets at every authoritative server until told otherwise. `present`: published or not; `absent`: gone everywhere.
 * The record sets with expectation `absent` name the values that must be gone. Answered by `evt.verify.verdict-reached`, at each change of the verdict.
 */
export const watchConnection = defineMessage({
  subject: 'cmd.verify.watch-connection',
  step: 'watch',
  data: z.object({
    hostname: z.string(),
    apex: z.string(),
    expectation: z.enum(['present', 'absent']),
    record_sets: z.array(WireRecordSet),
    /** Written just now: look within 2 s and densely for 10 minutes. */
    dense: z.boolean(),
  }),
  golden: { hostname: 'shop.example.com.', apex: 'example.com.', expectation: 'present', record_sets: [{ owner_name: 'shop.example.com.', type: 'CNAME', ttl_seconds: 300, values: ['edge.saas.example.'] }], dense: true },
});
