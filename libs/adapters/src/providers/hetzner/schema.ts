import { z } from 'zod';

/** What we need of the answers; everything else passes by. https://docs.hetzner.cloud/reference/cloud, verified 2026-11. */
export const ZoneAnswer = z.object({ id: z.int(), name: z.string().min(1), mode: z.string(), ttl: z.int() });
export type ZoneAnswer = z.infer<typeof ZoneAnswer>;

/** `ttl: null` is the zone's own. */
export const RrsetAnswer = z.object({
  name: z.string().min(1),
  type: z.string().min(1),
  ttl: z.int().nullable(),
  protection: z.object({ change: z.boolean() }).nullish(),
  records: z.array(z.object({ value: z.string() })),
});
export type RrsetAnswer = z.infer<typeof RrsetAnswer>;

/** Ids go up to 2^53. */
export const ActionAnswer = z.object({
  id: z.int(),
  status: z.enum(['running', 'success', 'error']),
  error: z.object({ code: z.string() }).nullish(),
});
export type ActionAnswer = z.infer<typeof ActionAnswer>;

export const OneZone = z.object({ zone: ZoneAnswer });
export const OneAction = z.object({ action: ActionAnswer });

const Meta = z.object({ pagination: z.object({ page: z.int(), next_page: z.int().nullable(), total_entries: z.int().nullable() }) });
export const ZonesPage = z.object({ zones: z.array(ZoneAnswer), meta: Meta });
export const RrsetsPage = z.object({ rrsets: z.array(RrsetAnswer), meta: Meta });
export const ServersPage = z.object({ meta: Meta });

export const FailedAnswer = z.object({
  error: z.object({ code: z.string(), details: z.object({ fields: z.array(z.object({ name: z.string() })).nullish() }).nullish() }),
});
