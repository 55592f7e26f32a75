import { z } from 'zod';

/** What we need of the answers; everything else passes by. Discovery document of Cloud DNS v1, revision 20260915, verified 2026-11. */
export const ManagedZone = z.object({
  name: z.string().min(1),
  dnsName: z.string().min(1),
  /** Absent or empty is public. */
  visibility: z.string().nullish(),
  peeringConfig: z.unknown().optional(),
  forwardingConfig: z.unknown().optional(),
  reverseLookupConfig: z.unknown().optional(),
  serviceDirectoryConfig: z.unknown().optional(),
});
export type ManagedZone = z.infer<typeof ManagedZone>;

/** An empty list is left out, so the kind has to say that this is a list at all. */
export const ManagedZonesPage = z.object({ kind: z.literal('dns#managedZonesListResponse'), managedZones: z.array(ManagedZone).default([]), nextPageToken: z.string().optional() });

/** `routingPolicy` stands in place of `rrdatas`. */
export const Rrset = z.object({
  name: z.string().min(1),
  type: z.string().min(1),
  ttl: z.int().min(0).optional(),
  rrdatas: z.array(z.string()).default([]),
  routingPolicy: z.unknown().optional(),
});
export type Rrset = z.infer<typeof Rrset>;

export const RrsetsPage = z.object({ kind: z.literal('dns#resourceRecordSetsListResponse'), rrsets: z.array(Rrset).default([]), nextPageToken: z.string().optional() });

export const ChangeAnswer = z.object({ kind: z.literal('dns#change'), id: z.string().min(1), status: z.string() });
export type ChangeAnswer = z.infer<typeof ChangeAnswer>;

/** Nothing held is left out altogether. */
export const HeldPermissions = z.object({ permissions: z.array(z.string()).default([]) });

/** `expires_in` was seen as a text, too. An answer with `id_token` only means that the scope was missing. */
export const TokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });

export const FailedToken = z.object({ error: z.string(), error_description: z.string().optional() });

/** https://cloud.google.com/apis/design/errors and the older list of `errors`; both stand in one answer. */
export const FailedAnswer = z.object({
  error: z.object({
    message: z.string().default(''),
    status: z.string().optional(),
    errors: z.array(z.object({ reason: z.string().optional() })).default([]),
    details: z.array(z.object({ reason: z.string().optional() })).default([]),
  }),
});
