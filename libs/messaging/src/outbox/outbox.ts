import { Inject, Injectable } from '@nestjs/common';
import type { Message } from '@connect/contracts';
import { currentTraceparent } from '@connect/observability';
import { afterCommit, sql, type Sql } from '@connect/storage';
import { RelayNudge } from './relay-nudge.js';

export type RawMessage = {
  id: string;
  subject: string;
  body: unknown;
  /** The trace that the message belongs to, where it is not the one that runs: several works may be written at once. */
  traceparent?: string | null;
};

/**
 * What a service tells the others. Rows are written in the caller's transaction, so that a state and its messages become true together; the relay publishes them
 * after the commit. The relay is nudged by itself after `transaction()` of storage; after any other kind of transaction call {@link nudge}.
 */
@Injectable()
export class Outbox {
  constructor(@Inject(RelayNudge) private readonly relay: RelayNudge) {}

  /** A message that is there already (same id) is published again. */
  async add(tx: Sql, ...messages: Message[]): Promise<void> {
    await this.write(tx, messages.map((message) => ({ id: message.id, subject: message.type, body: message })));
  }

  /** A message that has no envelope of ours, such as `domain.events.*`. `id` is a UUID. */
  async addRaw(tx: Sql, ...messages: RawMessage[]): Promise<void> {
    await this.write(tx, messages);
  }

  /** Publish now what is committed. */
  nudge(): void {
    this.relay.nudge();
  }

  private async write(tx: Sql, messages: RawMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const { text, parameters } = outboxInsertion(messages);
    await sql(tx, text, parameters);
    afterCommit(tx, this.relay.nudge);
  }
}

/**
 * The insertion as text, for a caller that makes it a part of one larger statement (`WITH … AS (…)`) and nudges afterwards. Its parameters are numbered from
 * `first`; `where` is a condition on which a row is written, in which `row.position` is the message's place among `messages`, from 1.
 */
export function outboxInsertion(messages: RawMessage[], { first = 1, where = 'true' }: { first?: number; where?: string } = {}): { text: string; parameters: unknown[] } {
  const running = currentTraceparent();
  return {
    text: `INSERT INTO outbox (id, subject, envelope, traceparent)
       SELECT id, subject, envelope::json, traceparent
       FROM unnest($${first}::uuid[], $${first + 1}::text[], $${first + 2}::text[], $${first + 3}::text[]) WITH ORDINALITY AS row (id, subject, envelope, traceparent, position) WHERE ${where}
       ON CONFLICT (id) DO UPDATE SET published_at = NULL, retry_at = NULL, attempts = 0`,
    parameters: [
      messages.map(({ id }) => id), messages.map(({ subject }) => subject), messages.map(({ body }) => JSON.stringify(body)),
      messages.map(({ traceparent }) => (traceparent === undefined ? running : traceparent)),
    ],
  };
}
