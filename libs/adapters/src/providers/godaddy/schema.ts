import { z } from 'zod';

/** What we need of the answers; everything else passes by. godaddy/cli `rust/domains-client/openapi` (v3.1), developer.godaddy.com (v1); verified 2026-11. */
export const DomainAnswer = z.object({ domain: z.string(), status: z.string().nullish(), nameServers: z.array(z.string()).nullish() });
export type DomainAnswer = z.infer<typeof DomainAnswer>;

const fields = {
  name: z.string(),
  type: z.string(),
  data: z.string(),
  ttl: z.number().int(),
  priority: z.number().int().nullish(),
  weight: z.number().int().nullish(),
  port: z.number().int().nullish(),
  service: z.string().nullish(),
  protocol: z.string().nullish(),
  flag: z.number().int().nullish(),
  tag: z.string().nullish(),
};

/** v1 has no ids. What is not known here is kept: records that stay are written back with those that change. */
export const KeyRecord = z.looseObject(fields);
export type KeyRecord = z.infer<typeof KeyRecord>;

/** v3. The id is derived from the content, and opaque. */
export const TokenRecord = z.object({ ...fields, recordId: z.string().min(1) });
export type TokenRecord = z.infer<typeof TokenRecord>;

/** What both have of a record. */
export type RecordAnswer = Omit<TokenRecord, 'recordId'>;

export const DomainList = z.array(DomainAnswer);
export const KeyRecordList = z.array(KeyRecord);

const links = z.array(z.object({ rel: z.string(), href: z.string() })).nullish();
export const DomainPage = z.object({ items: z.array(DomainAnswer), links });
/** The totals are left out of an empty list. */
export const RecordPage = z.object({ items: z.array(TokenRecord), links, totalItems: z.number().int().nullish() });

/** Of what was created nothing is needed but that it was. */
export const Created = z.object({ recordId: z.string().min(1) });

/** v1 says `code`, `fields` and `retryAfterSec`; v3 says `name` and `details`. Where a client meets both, the first that is there counts. */
export const Refusal = z.object({
  code: z.string().nullish(),
  name: z.string().nullish(),
  message: z.string().nullish(),
  retryAfterSec: z.number().nullish(),
  fields: z.array(z.object({ code: z.string().nullish(), path: z.string().nullish() })).nullish(),
  details: z.array(z.object({ issue: z.string().nullish(), field: z.string().nullish() })).nullish(),
});
export type Refusal = z.infer<typeof Refusal>;
