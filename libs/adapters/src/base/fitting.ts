import type { z } from 'zod';
import { ProviderError } from '@connect/domain';

/** An answer's content as the schema describes it. Throws `provider_protocol` with the place that does not fit, and never with what stands there. */
export function fitting<Schema extends z.ZodType>(schema: Schema, content: unknown): z.output<Schema> {
  const parsed = schema.safeParse(content);
  if (!parsed.success) throw new ProviderError('provider_protocol', { detail: `the answer does not fit at ${parsed.error.issues[0]?.path.join('.') ?? ''}` });
  return parsed.data;
}
