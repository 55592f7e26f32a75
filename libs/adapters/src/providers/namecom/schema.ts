import { z } from 'zod';

/** What we need of the answers; everything else passes by. namedotcom/namecom-mcp `assets/namecom.api.yaml` (core 1.7.0), namedotcom/go (v4); verified 2026-11. */
export const DomainAnswer = z.object({ domainName: z.string(), nameservers: z.array(z.string()).nullish(), expireDate: z.string().nullish() });
export type DomainAnswer = z.infer<typeof DomainAnswer>;

/** v4 leaves out what is empty or zero: the host of the apex, a priority of 0. */
export const RecordAnswer = z.object({
  id: z.number().int(),
  host: z.string().nullish(),
  type: z.string(),
  answer: z.string(),
  ttl: z.number().int(),
  priority: z.number().int().nullish(),
});
export type RecordAnswer = z.infer<typeof RecordAnswer>;

/** On the last page `nextPage` is missing, null or 0. */
const paging = { totalCount: z.number().int().nullish(), from: z.number().int().nullish(), to: z.number().int().nullish(), nextPage: z.number().int().nullish(), lastPage: z.number().int().nullish() };
/** v4 leaves out a list that is empty; what holds anything else is no page. */
const EmptyPage = z.strictObject(paging);

export const DomainPage = z.union([z.object({ domains: z.array(DomainAnswer), ...paging }), EmptyPage.transform((page) => ({ ...page, domains: [] as DomainAnswer[] }))]);
export const RecordPage = z.union([z.object({ records: z.array(RecordAnswer), ...paging }), EmptyPage.transform((page) => ({ ...page, records: [] as RecordAnswer[] }))]);
/** Of what was written nothing is needed but that it was. */
export const Written = z.object({ id: z.number().int() });
export const Refusal = z.object({ message: z.string(), details: z.string().nullish() });
export type Refusal = z.infer<typeof Refusal>;
