import type { z } from 'zod';
import type { Message, MessageDefinition } from '@connect/contracts';
import { newUuid, type Clock } from '@connect/domain';

export type MessageAbout = {
  tenantId: string;
  connectionId?: string;
  /** 0 where there is no connection. */
  generation?: number;
  /** The id of the message that this one answers, or null where a person or a timer began. */
  causationId?: string | null;
};

/** A message with a fresh id, ready for {@link Outbox.add}. */
export function newMessage<Schema extends z.ZodType>(definition: MessageDefinition<Schema>, about: MessageAbout, data: z.infer<Schema>, clock: Clock): Message<z.infer<Schema>> {
  return {
    id: newUuid(),
    type: definition.type,
    version: 1,
    occurred_at: clock.now().toISOString(),
    tenant_id: about.tenantId,
    ...(about.connectionId === undefined ? {} : { connection_id: about.connectionId }),
    generation: about.generation ?? 0,
    step: definition.step,
    causation_id: about.causationId ?? null,
    data,
  };
}
