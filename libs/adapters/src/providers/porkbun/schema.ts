import { z } from 'zod';

/** Ids, TTLs and priorities come as strings or numbers, by version; flags also as booleans and `yes`. https://porkbun.com/api/json/v3/spec, verified 2026-11. */
const text = z.union([z.string(), z.number()]).transform(String);
const whole = z.union([z.string().regex(/^\d+$/), z.number().int().nonnegative()]).transform(Number);
const flag = z.union([z.string(), z.number(), z.boolean()]).transform((value) => ['1', 'true', 'yes'].includes(String(value).toLowerCase()));

export const RecordAnswer = z.object({
  id: text,
  name: z.string(),
  type: z.string(),
  content: z.string(),
  ttl: whole,
  prio: z.union([whole, z.literal('').transform(() => null)]).nullish(),
  notes: z.string().nullish(),
});
export type RecordAnswer = z.infer<typeof RecordAnswer>;

/** `apiAccess` is missing in answers of before 2025. */
export const DomainAnswer = z.object({ domain: z.string(), apiAccess: flag.nullish() });
export type DomainAnswer = z.infer<typeof DomainAnswer>;

const success = { status: z.literal('SUCCESS') };
export const Done = z.object(success);
export const RecordList = z.object({ ...success, records: z.array(RecordAnswer) });
export const DomainList = z.object({ ...success, domains: z.array(DomainAnswer) });
export const Ping = z.object({ ...success, credentialsValid: z.boolean().optional() });
export const Created = z.object({ ...success, id: text });

/** `code` is missing in answers of before 2025. */
export const Refusal = z.object({ status: z.literal('ERROR'), code: z.string().optional(), message: z.string().optional(), ttlRemaining: z.number().optional() });
export type Refusal = z.infer<typeof Refusal>;
