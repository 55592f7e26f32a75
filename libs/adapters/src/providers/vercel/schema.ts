import { z } from 'zod';

/** What we need of the answers. vercel/sdk `src/models`, 2026-08, and recordings of 2021-08. `next` is the `until` of the next page. */
const paging = { pagination: z.object({ next: z.number().nullish() }) };

export const RecordAnswer = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  value: z.string(),
  creator: z.string().optional(),
  ttl: z.number().int().optional(),
  mxPriority: z.number().int().nullish(),
  priority: z.number().int().nullish(),
});
export type RecordAnswer = z.infer<typeof RecordAnswer>;

export const DomainAnswer = z.object({
  name: z.string(),
  teamId: z.string().nullish(),
  verified: z.boolean().optional(),
  serviceType: z.string().optional(),
});
export type DomainAnswer = z.infer<typeof DomainAnswer>;

/** `type` is `user` for the full account, or `team`. */
export const TokenAnswer = z.object({
  expiresAt: z.number().nullish(),
  scopes: z.array(z.object({ type: z.string(), teamId: z.string().optional(), expiresAt: z.number().nullish() })).optional(),
});
export type TokenAnswer = z.infer<typeof TokenAnswer>;

export const RecordPage = z.object({ records: z.array(RecordAnswer), ...paging });
export const DomainEnvelope = z.object({ domain: DomainAnswer });
export const DomainPage = z.object({ domains: z.array(DomainAnswer), ...paging });
export const TeamPage = z.object({ teams: z.array(z.object({ id: z.string() })), ...paging });
export const TokenEnvelope = z.object({ token: TokenAnswer });
/** `{"uid": …}`, newer ones with `updated`. */
export const Created = z.object({ uid: z.string().optional() });
/** Here `type` is "record", and the DNS type is `recordType`. */
export const Updated = z.object({ id: z.string() });
export const Deleted = z.object({});

const Refused = z.object({
  code: z.string(),
  message: z.string().optional(),
  invalidToken: z.boolean().optional(),
  limit: z.object({ reset: z.number().optional() }).optional(),
});
/** Some older paths answer without the envelope. */
export const Refusal = z.union([z.object({ error: Refused }).transform(({ error }) => error), Refused]);
export type Refusal = z.infer<typeof Refusal>;
