import { z } from 'zod';

/** What we need of the answers; everything else passes by. digitalocean/openapi `specification/resources/domains`, verified 2026-11. */
export const DomainAnswer = z.object({ name: z.string() });
export type DomainAnswer = z.infer<typeof DomainAnswer>;

export const RecordAnswer = z.object({
  id: z.number().int(),
  type: z.string(),
  name: z.string(),
  data: z.string(),
  ttl: z.number().int().nullable(),
  priority: z.number().int().nullish(),
  port: z.number().int().nullish(),
  weight: z.number().int().nullish(),
  flags: z.number().int().nullish(),
  tag: z.string().nullish(),
});
export type RecordAnswer = z.infer<typeof RecordAnswer>;

/** On the last page `links` is `{}`. */
const paging = { links: z.object({ pages: z.object({ next: z.string().optional() }).optional() }).optional(), meta: z.object({ total: z.number().int() }) };

export const DomainEnvelope = z.object({ domain: DomainAnswer });
export const DomainPage = z.object({ domains: z.array(DomainAnswer), ...paging });
export const RecordEnvelope = z.object({ domain_record: RecordAnswer });
export const RecordPage = z.object({ domain_records: z.array(RecordAnswer), ...paging });
export const Refusal = z.object({ id: z.string(), message: z.string() });
