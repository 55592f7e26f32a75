import { z } from 'zod';

/** From another internal service, on `domain.disconnect` or `domain.disconnect.<tenant_id>`: remove a connection, named by its id or by application and hostname. */
export const DomainDisconnect = z.strictObject({
  id: z.string().min(1).max(128),
  publisher: z.string().min(1).max(128),
  data: z.strictObject({
    tenant_id: z.string().min(1).max(64),
    connection_id: z.string().max(64).optional(),
    application_id: z.string().max(64).optional(),
    hostname: z.string().max(1024).optional(),
    keep_records: z.boolean().optional(),
  }),
});
export type DomainDisconnect = z.infer<typeof DomainDisconnect>;
