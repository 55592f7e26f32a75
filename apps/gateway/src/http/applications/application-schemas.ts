import { z } from 'zod';
import { ConflictPolicy, WireTemplateRecord } from '@connect/contracts';
import { parseHostname, renderTemplate, variablesOf } from '@connect/domain';

const RecordTemplate = z.array(WireTemplateRecord).min(1).max(100);

export const NewApplication = z.strictObject({
  name: z.string().min(1).max(200),
  record_template: RecordTemplate.optional(),
  conflict_policy: ConflictPolicy.default('upsert'),
  /** May a connection without customer_reference use a credential without one? */
  shared_credentials: z.boolean().default(false),
});
export type NewApplication = z.infer<typeof NewApplication>;

export const ApplicationPatch = z.strictObject({ name: z.string().min(1).max(200).optional(), record_template: RecordTemplate.nullable().optional(), conflict_policy: ConflictPolicy.optional(), shared_credentials: z.boolean().optional() });
export type ApplicationPatch = z.infer<typeof ApplicationPatch>;

/**
 * A template that can be rendered for no hostname is refused when it is given, not at the first connection. Tried without variables of its own; with
 * them only the connection can tell.
 */
export function assertRenders(records: z.infer<typeof RecordTemplate>): void {
  if (variablesOf(records).length === 0) renderTemplate(records, parseHostname('www.example.com'));
}
