import { z } from 'zod';
import type { Tenant } from '../../ports/key-store.port.js';

export const TenantView = z.object({ id: z.string(), name: z.string(), created_at: z.iso.datetime() }).meta({ id: 'Tenant' });
export type TenantView = z.infer<typeof TenantView>;
export function tenantView(tenant: Tenant): TenantView {
  return { id: tenant.id, name: tenant.name, created_at: tenant.created_at.toISOString() };
}
