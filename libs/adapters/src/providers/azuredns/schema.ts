import { z } from 'zod';

/** What we need of the answers; everything else passes by. API version 2018-05-01, Azure/azure-rest-api-specs, verified 2026-11. */
export const ZoneAnswer = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  properties: z.object({ /** Absent in answers of the oldest version: public. */ zoneType: z.string().nullish() }),
});
export type ZoneAnswer = z.infer<typeof ZoneAnswer>;

/** `properties` as they are: what we do not know has to go back with a write. `type` is `Microsoft.Network/dnszones/TXT`. */
export const SetAnswer = z.object({
  name: z.string().min(1),
  type: z.string().min(1),
  etag: z.string().min(1),
  properties: z.record(z.string(), z.unknown()),
});
export type SetAnswer = z.infer<typeof SetAnswer>;

const pageOf = <Item extends z.ZodType>(item: Item): z.ZodObject<{ value: z.ZodArray<Item>; nextLink: z.ZodOptional<z.ZodNullable<z.ZodString>> }> => z.object({ value: z.array(item), nextLink: z.string().nullish() });
export const ZonesPage = pageOf(ZoneAnswer);
export const SetsPage = pageOf(SetAnswer);

/** What one role assignment allows: `actions` without `notActions`, both with `*` in them. */
export const Permission = z.object({ actions: z.array(z.string()).nullish(), notActions: z.array(z.string()).nullish() });
export type Permission = z.infer<typeof Permission>;
export const PermissionsPage = pageOf(Permission);

export const WrittenAnswer = z.object({ etag: z.string().min(1) });

/** `expires_in` was a text in the older version of the endpoint. */
export const TokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });
export const FailedToken = z.object({ error: z.string(), error_codes: z.array(z.coerce.number()).default([]) });

const Failure = z.object({ code: z.string(), message: z.string().default('') });
/** The resource manager wraps its errors, the DNS resource provider in places does not. */
export const FailedAnswer = z.object({ error: Failure }).transform(({ error }) => error).or(Failure);
