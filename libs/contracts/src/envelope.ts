import { z } from 'zod';
import { idPattern } from '@connect/domain';

/** What every message on the bus carries around its `data`. `id` is a UUIDv7 and also the `Nats-Msg-Id`. Instants are ISO 8601 UTC. */
export const Envelope = z.object({
  id: z.uuid(),
  type: z.string(),
  version: z.literal(1),
  occurred_at: z.iso.datetime(),
  tenant_id: z.string().regex(idPattern('tenant')),
  connection_id: z.string().regex(idPattern('connection')).optional(),
  /** Raised by each intent (create, approve, retry, update, delete); a lower one is superseded. 0 where there is no connection. */
  generation: z.int().nonnegative(),
  /** With connection and generation the business key of a command, for example `apply`. */
  step: z.string(),
  causation_id: z.uuid().nullable(),
});
export type Envelope = z.infer<typeof Envelope>;

export type Message<Data = unknown> = Envelope & { data: Data };

/** One message: its subject, its schema and a golden example. */
export type MessageDefinition<Schema extends z.ZodType = z.ZodType> = {
  type: string;
  subject: string;
  step: string;
  data: Schema;
  schema: z.ZodType<Message<z.infer<Schema>>>;
  golden: Message<z.infer<Schema>>;
};

const goldenEnvelope = {
  id: '019b76da-a800-7000-8000-000000000001',
  version: 1,
  occurred_at: '2026-01-01T00:00:00.000Z',
  tenant_id: `ten_${'0'.repeat(31)}1`,
  connection_id: `con_${'0'.repeat(31)}2`,
  generation: 1,
  causation_id: null,
} as const;

export function defineMessage<Schema extends z.ZodType>(definition: { subject: string; step: string; data: Schema; golden: z.input<Schema>; connectionless?: true }): MessageDefinition<Schema> {
  const { connection_id, ...withoutConnection } = goldenEnvelope;
  const golden = { ...(definition.connectionless ? { ...withoutConnection, generation: 0 } : { ...withoutConnection, connection_id }), type: definition.subject, step: definition.step, data: definition.golden };
  return {
    type: definition.subject,
    subject: definition.subject,
    step: definition.step,
    data: definition.data,
    schema: Envelope.extend({ type: z.literal(definition.subject), data: definition.data }) as unknown as z.ZodType<Message<z.infer<Schema>>>,
    golden: golden as unknown as Message<z.infer<Schema>>,
  };
}

export type DataOf<Definition extends MessageDefinition> = z.infer<Definition['data']>;

/** A core NATS request with its answer: queue group, deadline, outside every stream. */
export type RequestDefinition<Ask extends z.ZodType = z.ZodType, Answer extends z.ZodType = z.ZodType> = { subject: string; ask: Ask; answer: Answer };

export function defineRequest<Ask extends z.ZodType, Answer extends z.ZodType>(definition: RequestDefinition<Ask, Answer>): RequestDefinition<Ask, Answer> {
  return definition;
}
