import { z } from 'zod';

/** What we need of the answers; everything else passes by. netlify/open-api 2.60 and the fixtures of go-acme/lego, verified 2026-11. */
export const ZoneAnswer = z.object({ id: z.string(), name: z.string(), account_id: z.string().nullish() });
export type ZoneAnswer = z.infer<typeof ZoneAnswer>;

/** `hostname` is absolute without a final dot. `managed`: Netlify's own, bound to a site. */
export const RecordAnswer = z.object({
  id: z.string(),
  hostname: z.string(),
  type: z.string(),
  value: z.string(),
  ttl: z.number().int().nullish(),
  priority: z.number().int().nullish(),
  weight: z.number().int().nullish(),
  port: z.number().int().nullish(),
  flag: z.number().int().nullish(),
  tag: z.string().nullish(),
  managed: z.boolean().nullish(),
});
export type RecordAnswer = z.infer<typeof RecordAnswer>;

export const ZoneList = z.array(ZoneAnswer);
export const RecordList = z.array(RecordAnswer);
/** Of what was created nothing is needed but that it was. */
export const Created = z.object({ id: z.string() });
