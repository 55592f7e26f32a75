import { z } from 'zod';

/** What we need of the answers; everything else passes by. ionos-developer/dns-sdk-go `api/openapi.yaml` (1.0.1), verified 2026-11. */
export const ZoneAnswer = z.object({ id: z.string().min(1), name: z.string(), type: z.string().nullish() });
export type ZoneAnswer = z.infer<typeof ZoneAnswer>;

/** `prio` is missing where it means nothing; `disabled` records are kept and not served. */
export const RecordAnswer = z.object({
  id: z.string().min(1),
  name: z.string(),
  type: z.string(),
  content: z.string(),
  ttl: z.number().int(),
  prio: z.number().int().nullish(),
  disabled: z.boolean().nullish(),
});
export type RecordAnswer = z.infer<typeof RecordAnswer>;

/** A plain array, without pages. */
export const ZoneList = z.array(ZoneAnswer);
/** Records are listed within their zone only, and without pages. */
export const CustomerZone = ZoneAnswer.extend({ records: z.array(RecordAnswer) });

/** Of what was written nothing is needed but that it was. */
export const Written = z.object({ id: z.string().min(1) });
export const Created = z.array(Written).min(1);

const Refusal = z.object({
  code: z.string().nullish(),
  message: z.string().nullish(),
  parameters: z.object({ invalidFields: z.array(z.string()).nullish(), requiredFields: z.array(z.string()).nullish() }).nullish(),
});
export type Refusal = z.infer<typeof Refusal>;
/** An array; what stands before the API answers with an object. */
export const Refusals = z.union([z.array(Refusal), Refusal.transform((one) => [one])]);
