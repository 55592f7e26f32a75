import { z } from 'zod';

/** What we need of the answers; everything else passes by. https://developers.cloudflare.com/api/, verified 2026-11. */
export type ErrorEntry = { code: number; error_chain?: ErrorEntry[] | undefined };
export const ErrorEntry: z.ZodType<ErrorEntry> = z.lazy(() => z.object({ code: z.int(), error_chain: z.array(ErrorEntry).optional() }));

export const FailedAnswer = z.object({ success: z.literal(false), errors: z.array(ErrorEntry).min(1) });

export const PageInfo = z.object({ page: z.int(), count: z.int(), total_pages: z.int().optional(), total_count: z.int() });
export type PageInfo = z.infer<typeof PageInfo>;

export const ZoneAnswer = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  name: z.string().min(1),
  status: z.string(),
  type: z.string(),
  permissions: z.array(z.string()).optional(),
  account: z.object({ id: z.string() }).optional(),
});
export type ZoneAnswer = z.infer<typeof ZoneAnswer>;

/** `data` holds the fields of structured types; `content` is what they look like. */
export const RecordAnswer = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  type: z.string().min(1),
  content: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  priority: z.number().optional(),
  ttl: z.int(),
  proxied: z.boolean().optional(),
  meta: z.object({ read_only: z.boolean().optional() }).nullish(),
});
export type RecordAnswer = z.infer<typeof RecordAnswer>;

export const BatchAnswer = z.object({
  deletes: z.array(z.unknown()).nullish(),
  patches: z.array(z.unknown()).nullish(),
  posts: z.array(z.unknown()).nullish(),
});

export const TokenAnswer = z.object({ id: z.string(), status: z.string(), expires_on: z.string().nullish() });
export type TokenAnswer = z.infer<typeof TokenAnswer>;

export function pageOf<Item extends z.ZodType>(item: Item): z.ZodObject<{ success: z.ZodLiteral<true>; result: z.ZodArray<Item>; result_info: typeof PageInfo }> {
  return z.object({ success: z.literal(true), result: z.array(item), result_info: PageInfo });
}

export function resultOf<Item extends z.ZodType>(item: Item): z.ZodObject<{ success: z.ZodLiteral<true>; result: Item }> {
  return z.object({ success: z.literal(true), result: item });
}
