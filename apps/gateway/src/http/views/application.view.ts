import { z } from 'zod';
import { ConflictPolicy, WireTemplateRecord } from '@connect/contracts';
import type { Application } from '../../ports/application-store.port.js';

export const ApplicationView = z.object({
  id: z.string(), name: z.string(), conflict_policy: ConflictPolicy, shared_credentials: z.boolean(), template_version: z.int().nullable(), record_template: z.array(WireTemplateRecord).nullable(),
  created_at: z.iso.datetime(), updated_at: z.iso.datetime(),
}).meta({ id: 'Application' });
export type ApplicationView = z.infer<typeof ApplicationView>;
export function applicationView({ tenant_id: _, created_at, updated_at, ...application }: Application): ApplicationView {
  return { ...application, created_at: created_at.toISOString(), updated_at: updated_at.toISOString() };
}
