import { z } from 'zod';
import { defineMessage } from '../envelope.js';
import { ConflictPolicy, WireRecordSet } from '../wire.js';

/**
 * To dns-worker: bring the zone to hold these record sets for the connection. Values that the connection's ledger owns and that are not among
 * them are taken away (an update). A plan that is not safe under the policy is written only with an approval that still holds.
 */
export const applyConnection = defineMessage({
  subject: 'cmd.dns.apply-connection',
  step: 'apply',
  data: z.object({
    application_id: z.string(),
    hostname: z.string(),
    provider: z.string(),
    credential_id: z.string(),
    /** The provider's zone id, where the caller named one. */
    zone: z.string().nullable(),
    record_sets: z.array(WireRecordSet),
    conflict_policy: ConflictPolicy,
    approval: z.object({ plan_id: z.string(), hash: z.string() }).nullable(),
    lane: z.enum(['interactive', 'background', 'bulk']),
  }),
  golden: {
    application_id: 'app_00000000000000000000000000000003', hostname: 'shop.example.com.', provider: 'powerdns', credential_id: 'cred_00000000000000000000000000000004', zone: null,
    record_sets: [{ owner_name: 'shop.example.com.', type: 'CNAME', ttl_seconds: 300, values: ['edge.saas.example.'] }], conflict_policy: 'upsert', approval: null, lane: 'interactive',
  },
});
