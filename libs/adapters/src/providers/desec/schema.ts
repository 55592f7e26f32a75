import { z } from 'zod';

/** What we need of the answers; everything else passes by. https://desec.readthedocs.io/en/latest/, verified 2026-11. */
export const DomainAnswer = z.object({ name: z.string().min(1) });
export type DomainAnswer = z.infer<typeof DomainAnswer>;

export const RrsetAnswer = z.object({
  subname: z.string(),
  type: z.string().min(1),
  ttl: z.int(),
  records: z.array(z.string()).min(1),
});
export type RrsetAnswer = z.infer<typeof RrsetAnswer>;

export const TokenAnswer = z.object({ id: z.string() });

/** One entry for each item of a bulk request, in its order; `{}` where the item is fine. */
export const BulkRefusal = z.array(z.record(z.string(), z.unknown()));
export type BulkRefusal = z.infer<typeof BulkRefusal>;
