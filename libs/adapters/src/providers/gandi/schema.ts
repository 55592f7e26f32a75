import { z } from 'zod';

/** What we need of the answers; everything else passes by. https://api.gandi.net/docs/livedns/, verified 2026-11. */
export const DomainAnswer = z.object({ fqdn: z.string().min(1) });
export type DomainAnswer = z.infer<typeof DomainAnswer>;

export const RrsetAnswer = z.object({
  rrset_name: z.string().min(1),
  rrset_type: z.string().min(1),
  rrset_ttl: z.int(),
  rrset_values: z.array(z.string()).min(1),
});
export type RrsetAnswer = z.infer<typeof RrsetAnswer>;

/** https://id.gandi.net/tokeninfo: seconds until the token ends. */
export const TokenAnswer = z.object({ expires_in: z.number() });

/** 401, 403, 404, 409, 429. */
export const FailedAnswer = z.object({ object: z.string() });

/** 400. */
export const InvalidAnswer = z.object({ errors: z.array(z.object({ name: z.string().nullish(), description: z.string().nullish() })) });
