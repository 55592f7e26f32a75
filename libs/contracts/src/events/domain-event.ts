import { z } from 'zod';
import { connectionStates, errorCodes } from '@connect/domain';
import { WireReason } from '../wire.js';

export const domainEventTypes = ['accepted', 'rejected', 'visible', ...connectionStates] as const;
export type DomainEventType = (typeof domainEventTypes)[number];

/**
 * What the product tells the world, on `domain.events.<type>`, in `GET …/events` and over SSE: one for each change of state, `accepted` and `rejected` for
 * the intake, `visible` when recursive resolvers show the records. `sequence` counts from 1 per connection without gaps.
 */
export const DomainEvent = z.object({
  id: z.string(),
  type: z.enum(domainEventTypes),
  version: z.literal(1),
  occurred_at: z.iso.datetime(),
  tenant_id: z.string().nullable(),
  connection_id: z.string().nullable(),
  application_id: z.string().nullable(),
  hostname: z.string().nullable(),
  sequence: z.int().positive().nullable(),
  reference: z.string().nullable(),
  state: z.enum(connectionStates).nullable(),
  reason: WireReason.nullable(),
  /** The publisher's id of the intake message, for `accepted` and `rejected`. */
  message_id: z.string().nullable(),
  /** Why a message was rejected. */
  code: z.enum(errorCodes).nullable(),
  findings: z.array(z.object({ path: z.string(), message: z.string() })),
});
export type DomainEvent = z.infer<typeof DomainEvent>;

export function domainEventSubject(type: DomainEventType): string {
  return `domain.events.${type}`;
}
