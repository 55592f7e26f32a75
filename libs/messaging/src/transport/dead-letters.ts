import { Inject, Injectable } from '@nestjs/common';
import type { JsMsg } from '@nats-io/jetstream';
import { DataSource } from 'typeorm';
import { newUuid, type ErrorCode } from '@connect/domain';
import { Gauge, METRICS, type Metrics } from '@connect/observability';
import { sql, transaction } from '@connect/storage';
import { Outbox } from '../outbox/outbox.js';

/** What is told on `dead.<original subject>`. `body` is the original payload as text, because it may not be JSON. */
export type DeadLetter = { id: string; subject: string; consumer: string; code: ErrorCode; detail: string | null; deliveries: number; headers: Record<string, string>; body: string };

/** Messages that cannot be handled: a row first, then a message through the outbox, and only then does the transport end the delivery. */
@Injectable()
export class DeadLetters {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource, @Inject(Outbox) private readonly outbox: Outbox, @Inject(METRICS) metrics: Metrics) {
    new Gauge({ name: 'dead_letters_waiting', help: 'Messages of the service that could not be handled and wait for somebody', registers: [metrics], async collect() { this.set(await countWaiting(dataSource)); } });
  }

  /** Safe to repeat: one row per stored message. */
  async bury(message: JsMsg, code: ErrorCode, detail: string | null): Promise<void> {
    const letter: DeadLetter = {
      id: newUuid(), subject: message.subject, consumer: message.info.consumer, code, detail, deliveries: message.info.deliveryCount, headers: headersOf(message), body: printable(message.string()),
    };
    // A stream that was made again counts from 1, so the sequence alone would not name the message.
    const origin = `${message.info.stream}:${message.seq}:${message.timestampNanos}`;
    await transaction(this.dataSource, async (tx) => {
      const buried = await sql(
        tx,
        `INSERT INTO dead_letter (id, origin, subject, consumer, code, detail, deliveries, headers, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9)
         ON CONFLICT (origin) DO NOTHING RETURNING id`,
        [letter.id, origin, letter.subject, letter.consumer, letter.code, letter.detail, letter.deliveries, JSON.stringify(letter.headers), letter.body],
      );
      if (buried.length > 0) await this.outbox.addRaw(tx, { id: letter.id, subject: `dead.${letter.subject}`, body: letter });
    });
  }
}

async function countWaiting(dataSource: DataSource): Promise<number> {
  const [row] = await sql<{ waiting: number }>(dataSource.manager, 'SELECT count(*)::int AS waiting FROM dead_letter WHERE replayed_at IS NULL');
  return row?.waiting ?? 0;
}

function headersOf(message: JsMsg): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of message.headers?.keys() ?? []) kept[printable(name)] = printable(message.headers?.get(name) ?? '');
  return kept;
}

/** PostgreSQL keeps no NUL in text and jsonb. */
function printable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd');
}
