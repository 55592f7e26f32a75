import { z } from 'zod';

/** What we need of the answers; everything else passes by. linode/linode-api-docs `openapi.yaml`, verified 2026-11. */
export const DomainAnswer = z.object({
  id: z.number().int(),
  domain: z.string(),
  type: z.string(),
  status: z.string(),
  ttl_sec: z.number().int(),
});
export type DomainAnswer = z.infer<typeof DomainAnswer>;

export const RecordAnswer = z.object({
  id: z.number().int(),
  type: z.string(),
  name: z.string(),
  target: z.string(),
  ttl_sec: z.number().int(),
  priority: z.number().int().nullish(),
  weight: z.number().int().nullish(),
  port: z.number().int().nullish(),
  tag: z.string().nullish(),
});
export type RecordAnswer = z.infer<typeof RecordAnswer>;

const paging = { page: z.number().int(), pages: z.number().int(), results: z.number().int() };

export const DomainPage = z.object({ data: z.array(DomainAnswer), ...paging });
export const RecordPage = z.object({ data: z.array(RecordAnswer), ...paging });
export const Profile = z.object({ username: z.string(), restricted: z.boolean().optional() });
/** A delete answers `{}`. */
export const Nothing = z.object({});
