import { z } from 'zod';

/** What we need of the answers; everything else passes by. https://www.vultr.com/api/, govultr; verified 2026-11. */
export const DomainAnswer = z.object({ domain: z.string() });
export type DomainAnswer = z.infer<typeof DomainAnswer>;

/** `priority` is 0 or -1 where it means nothing. */
export const RecordAnswer = z.object({
  id: z.string(),
  type: z.string(),
  name: z.string(),
  data: z.string(),
  priority: z.number().int().nullish(),
  ttl: z.number().int(),
});
export type RecordAnswer = z.infer<typeof RecordAnswer>;

/** `next` is an opaque cursor; empty: the last page. */
const paging = { meta: z.object({ total: z.number().int(), links: z.object({ next: z.string() }) }) };

export const DomainEnvelope = z.object({ domain: DomainAnswer });
export const DomainPage = z.object({ domains: z.array(DomainAnswer), ...paging });
export const RecordEnvelope = z.object({ record: RecordAnswer });
export const RecordPage = z.object({ records: z.array(RecordAnswer), ...paging });
export const AccountEnvelope = z.object({ account: z.object({ acls: z.array(z.string()).optional() }) });
