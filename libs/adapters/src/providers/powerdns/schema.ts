import { z } from 'zod';

/** What we need of the answers; everything else passes by. https://doc.powerdns.com/authoritative/http-api/zone.html, verified 2026-11 on 4.7.3. */
export const ServerAnswer = z.object({ daemon_type: z.string() });
export type ServerAnswer = z.infer<typeof ServerAnswer>;

export const RrsetAnswer = z.object({
  name: z.string(),
  type: z.string(),
  ttl: z.number().int(),
  records: z.array(z.object({ content: z.string(), disabled: z.boolean().default(false) })),
});
export type RrsetAnswer = z.infer<typeof RrsetAnswer>;

export const ZoneAnswer = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  dnssec: z.boolean().default(false),
  presigned: z.boolean().default(false),
  api_rectify: z.boolean().default(false),
});
export type ZoneAnswer = z.infer<typeof ZoneAnswer>;

export const ZoneWithSetsAnswer = ZoneAnswer.extend({ rrsets: z.array(RrsetAnswer) });
export type ZoneWithSetsAnswer = z.infer<typeof ZoneWithSetsAnswer>;

export const ZoneListAnswer = z.array(ZoneAnswer);
