import { z } from 'zod';
import { errorCodes } from '@connect/domain';
import { defineRequest, type RequestDefinition } from '../envelope.js';
import type { ServiceName } from '../streams.js';

/** A message that its service could not handle and keeps. `detail` is ours; what the message says is in {@link DeadLetterWhole} only. */
export const DeadLetterLine = z.object({
  id: z.uuid(),
  subject: z.string(),
  consumer: z.string(),
  code: z.enum(errorCodes),
  detail: z.string().nullable(),
  deliveries: z.int(),
  died_at: z.iso.datetime(),
  /** When it was handled after all. */
  replayed_at: z.iso.datetime().nullable(),
});
export type DeadLetterLine = z.infer<typeof DeadLetterLine>;

/** `body` is the payload as text, at most the first 100,000 characters of it, because it may be no JSON; `body_characters` is its whole length. */
export const DeadLetterWhole = DeadLetterLine.extend({ headers: z.record(z.string(), z.string()), body: z.string(), body_characters: z.int() });
export type DeadLetterWhole = z.infer<typeof DeadLetterWhole>;

/**
 * What came of handing a dead letter to its handler again. `done`: it is handled; `replayed_before`: it was already, nothing was done; `later`: not yet possible, try again;
 * `dead`: it still cannot be handled, and waits on.
 */
export const Replay = z.object({ outcome: z.enum(['done', 'replayed_before', 'later', 'dead']), code: z.enum(errorCodes).nullable(), detail: z.string().nullable() });
export type Replay = z.infer<typeof Replay>;

const shortNames = { 'gateway': 'gateway', 'credential-vault': 'vault', 'dns-worker': 'dns', 'verifier': 'verify' } as const satisfies Record<ServiceName, string>;
const Id = z.object({ id: z.uuid() });

export type DeadLetterRequests = {
  /** The newest first, at most `limit`; those that wait, or also those that were replayed. */
  list: RequestDefinition<z.ZodObject<{ limit: z.ZodInt; replayed: z.ZodBoolean }>, z.ZodObject<{ letters: z.ZodArray<typeof DeadLetterLine> }>>;
  /** Refused with `not_found` where the service keeps no such letter; so are the next two. */
  show: RequestDefinition<typeof Id, typeof DeadLetterWhole>;
  replay: RequestDefinition<typeof Id, typeof Replay>;
  drop: RequestDefinition<typeof Id, z.ZodObject<Record<never, never>>>;
};

/** Each service answers for its own dead letters, which nobody else reads. */
export function deadLetterRequests(service: ServiceName): DeadLetterRequests {
  const short = shortNames[service];
  return {
    list: defineRequest({ subject: `rpc.${short}.list-dead-letters`, ask: z.object({ limit: z.int().min(1).max(100), replayed: z.boolean() }), answer: z.object({ letters: z.array(DeadLetterLine) }) }),
    show: defineRequest({ subject: `rpc.${short}.show-dead-letter`, ask: Id, answer: DeadLetterWhole }),
    replay: defineRequest({ subject: `rpc.${short}.replay-dead-letter`, ask: Id, answer: Replay }),
    drop: defineRequest({ subject: `rpc.${short}.drop-dead-letter`, ask: Id, answer: z.object({}) }),
  };
}
