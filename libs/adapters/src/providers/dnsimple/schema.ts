import { z } from 'zod';

/** What we need of the answers; everything else passes by. https://developer.dnsimple.com/v2/openapi.yml and the vendor's fixtures, verified 2026-11. */
export const AccountAnswer = z.object({ id: z.number().int(), plan_identifier: z.string().nullish() });
export type AccountAnswer = z.infer<typeof AccountAnswer>;

/** One of the two is `null`: it says what kind of token this is. */
export const IdentityEnvelope = z.object({ data: z.object({ user: z.object({ id: z.number().int() }).nullable(), account: AccountAnswer.nullable() }) });
export type Identity = z.infer<typeof IdentityEnvelope>['data'];
export const AccountsEnvelope = z.object({ data: z.array(AccountAnswer) });

export const ZoneAnswer = z.object({ account_id: z.number().int(), name: z.string(), secondary: z.boolean().nullish(), active: z.boolean().nullish() });
export type ZoneAnswer = z.infer<typeof ZoneAnswer>;

export const RecordAnswer = z.object({
  id: z.number().int(),
  parent_id: z.number().int().nullish(),
  name: z.string(),
  type: z.string(),
  content: z.string(),
  ttl: z.number().int(),
  priority: z.number().int().nullish(),
  regions: z.array(z.string()).nullish(),
  system_record: z.boolean().nullish(),
});
export type RecordAnswer = z.infer<typeof RecordAnswer>;

const pagination = z.object({ total_entries: z.number().int(), total_pages: z.number().int() });
export const ZoneEnvelope = z.object({ data: ZoneAnswer });
export const ZonePage = z.object({ data: z.array(ZoneAnswer), pagination });
export const RecordEnvelope = z.object({ data: RecordAnswer });
export const RecordPage = z.object({ data: z.array(RecordAnswer), pagination });

/** Their reasons, by field. Only the fields are named to others. */
export const Refusal = z.object({ message: z.string(), errors: z.record(z.string(), z.array(z.string())).nullish() });
