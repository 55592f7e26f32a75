import { z } from 'zod';
import { defineMessage } from '../envelope.js';
import { PlanProjection } from '../wire.js';

/** From dns-worker: a plan was made. `awaiting_approval`: not written, somebody has to decide; `writing`: it is being written; `empty`: nothing to write; `preview`: asked for only to be read. */
export const planMade = defineMessage({
  subject: 'evt.dns.plan-made',
  step: 'apply',
  data: z.object({ plan: PlanProjection, next: z.enum(['awaiting_approval', 'writing', 'empty', 'preview']) }),
  golden: {
    plan: {
      id: 'plan_00000000000000000000000000000005', hash: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c', zone: { id: 'example.com.', apex: 'example.com.' }, safe: true,
      changes: [{ owner_name: 'shop.example.com.', type: 'CNAME', action: 'create', ttl_seconds: 300, ttl_seconds_before: null, added: ['edge.saas.example.'], removed: [] }],
      consequences: [], made_at: '2026-01-01T00:00:00.000Z', expires_at: '2026-01-01T01:00:00.000Z',
    },
    next: 'writing',
  },
});
