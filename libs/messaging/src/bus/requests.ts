import { Inject, Injectable } from '@nestjs/common';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import type { z } from 'zod';
import { Refusal, type RequestDefinition } from '@connect/contracts';
import { ConnectError } from '@connect/domain';
import { childTraceparent, currentTraceparent, traceHeader } from '@connect/observability';
import { BUS_CONNECTION } from './connect-bus.js';

export type AskOptions = { timeoutMs?: number };

/** Questions to another service that need an answer now: core NATS, a queue group, a deadline; outside every stream. */
@Injectable()
export class Requests {
  constructor(@Inject(BUS_CONNECTION) private readonly connection: NatsConnection) {}

  /** Throws `unavailable` when nobody answers in time (2 s unless told otherwise), or the code of the refusal. */
  async ask<Ask extends z.ZodType, Answer extends z.ZodType>(definition: RequestDefinition<Ask, Answer>, ask: z.input<Ask>, options: AskOptions = {}): Promise<z.infer<Answer>> {
    const body: unknown = await this.request(definition.subject, ask, options.timeoutMs ?? 2_000);
    const refusal = Refusal.safeParse(body);
    if (refusal.success) throw new ConnectError(refusal.data.refused, refusal.data.detail === null ? {} : { detail: refusal.data.detail });
    const answer = definition.answer.safeParse(body);
    if (answer.success) return answer.data;
    throw new ConnectError('internal', { detail: `the answer to ${definition.subject} does not fit its schema` });
  }

  private async request(subject: string, ask: unknown, timeoutMs: number): Promise<unknown> {
    const sent = headers();
    sent.set(traceHeader, childTraceparent(currentTraceparent()));
    try {
      const answer = await this.connection.request(subject, JSON.stringify(ask), { timeout: timeoutMs, headers: sent });
      return answer.json();
    } catch (error) {
      const reason = error instanceof Error ? error.name : 'unknown';
      throw new ConnectError('unavailable', { detail: `${subject} was not answered (${reason})`, retryAfterMs: 1_000 });
    }
  }
}
