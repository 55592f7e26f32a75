import { z } from 'zod';
import { ConflictPolicy, WireTemplateRecord } from '../wire.js';

/** What a connection is asked for with: the body of `POST /v1/connections` and, with `tenant_id`, the data of `domain.connect`. */
export const ConnectRequest = z.strictObject({
  application_id: z.string().min(1).max(64),
  hostname: z.string().min(1).max(1024),
  provider: z.string().max(64).optional(),
  credential_id: z.string().max(64).optional(),
  customer_reference: z.string().max(255).optional(),
  /** The provider's zone id; for Route 53 the hosted zone ID. */
  zone: z.string().max(255).optional(),
  setup_type: z.enum(['automatic', 'domain_connect', 'manual']).optional(),
  records: z.array(WireTemplateRecord).min(1).max(100).optional(),
  variables: z.record(z.string().max(64), z.string().max(2048)).optional(),
  conflict_policy: ConflictPolicy.optional(),
  /** Echoed in every event. */
  reference: z.string().max(255).optional(),
  group_reference: z.string().max(255).optional(),
});
export type ConnectRequest = z.infer<typeof ConnectRequest>;

/**
 * From another internal service, on `domain.connect` or `domain.connect.<tenant_id>`. `id` is the publisher's own; messages are deduplicated
 * per (publisher, id) for 7 days. Publishers send again until they see `domain.events.accepted` or `.rejected` with their id.
 */
export const DomainConnect = z.strictObject({
  id: z.string().min(1).max(128),
  publisher: z.string().min(1).max(128),
  data: ConnectRequest.extend({ tenant_id: z.string().min(1).max(64) }),
});
export type DomainConnect = z.infer<typeof DomainConnect>;
