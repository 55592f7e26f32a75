import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DataSource } from 'typeorm';
import { consumers, streams, type ServiceName } from '@connect/contracts';
import { affected, sql, transaction, type Sql } from '@connect/storage';
import { publishedBy } from '../bus/bus-users.js';

/** JetStream acknowledges before it syncs (`sync_interval` 2 minutes): so much can be gone after a power cut, although it was acknowledged. */
const lookBack = '5 minutes';

/** What the service publishes under one subject pattern, and who of our services consumes it. */
type Flow = { stream: string; prefix: string; durable: string | null };
type Seen = { incarnation: string; lastSeq: number; consumedSeq: number };

/**
 * Compares what was published with what the bus still holds. Postgres is the truth and the bus a carrier: what a stream lost, and nobody is known to have
 * consumed, is published again. Consumers have an inbox, so too much is harmless and too little is not.
 */
export class StreamWatch {
  private readonly flows: Flow[];
  private manager: Promise<JetStreamManager> | null = null;

  constructor(private readonly connection: NatsConnection, private readonly dataSource: DataSource, service: ServiceName) {
    this.flows = [...publishedBy[service], 'dead.>'].map(flowOf);
  }

  /**
   * Returns how many rows are to be published again. `afterReconnect`: also what the server may have acknowledged and not kept, counted from when it was last
   * seen alive. A stream that is not there does not hinder the others; its error is thrown at the end.
   */
  async compare(options: { afterReconnect: boolean }): Promise<number> {
    const results = await Promise.allSettled(this.flows.map(async (flow) => {
      const seen = await this.look(flow);
      return transaction(this.dataSource, (tx) => reconcile(tx, flow, seen, options.afterReconnect));
    }));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return results.reduce((sum, result) => sum + (result.status === 'fulfilled' ? result.value : 0), 0);
  }

  /** The consumer's acknowledgement floor and nothing else counts as consumed: right after a restart its other numbers are not settled. */
  private async look({ stream, durable }: Flow): Promise<Seen> {
    const manager = await (this.manager ??= jetstreamManager(this.connection, { checkAPI: false }));
    const { created, state } = await manager.streams.info(stream);
    const consumedSeq = durable === null ? 0 : (await manager.consumers.info(stream, durable)).ack_floor.stream_seq;
    return { incarnation: created, lastSeq: state.last_seq, consumedSeq };
  }
}

async function reconcile(tx: Sql, { stream, prefix }: Flow, seen: Seen, afterReconnect: boolean): Promise<number> {
  await sql(tx, 'INSERT INTO outbox_stream (stream, prefix, incarnation) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [stream, prefix, seen.incarnation]);
  const [known] = await sql<{ incarnation: string; consumed_seq: string }>(tx, 'SELECT incarnation, consumed_seq FROM outbox_stream WHERE stream = $1 AND prefix = $2 FOR UPDATE', [stream, prefix]);
  const consumed = known?.consumed_seq ?? '0';
  const again = known?.incarnation === seen.incarnation
    ? await takeBackTail(tx, { stream, prefix }, consumed, seen.lastSeq, afterReconnect)
    : await takeBackAll(tx, { stream, prefix }, consumed);
  await sql(
    tx,
    `UPDATE outbox_stream SET incarnation = $3, alive_at = now(),
       consumed_seq = CASE WHEN incarnation = $3 THEN least(greatest(consumed_seq, $4), $5) ELSE $4 END
     WHERE stream = $1 AND prefix = $2`,
    [stream, prefix, seen.incarnation, seen.consumedSeq, seen.lastSeq],
  );
  return again;
}

/** The stream was made again and counts from 1: everything is published again but what was consumed before. */
async function takeBackAll(tx: Sql, { stream, prefix }: Pick<Flow, 'stream' | 'prefix'>, consumed: string): Promise<number> {
  const rows = await sql<{ again: boolean }>(
    tx,
    `UPDATE outbox SET stream = NULL, stream_seq = NULL, retry_at = NULL, published_at = CASE WHEN stream_seq > $3 THEN NULL ELSE published_at END
     WHERE stream = $1 AND published_at IS NOT NULL AND starts_with(subject, $2) RETURNING published_at IS NULL AS again`,
    [stream, prefix, consumed],
  );
  return rows.filter(({ again }) => again).length;
}

/** The stream is the same, but its end may be missing: what lies behind its last sequence, and after a reconnect what was published shortly before. */
async function takeBackTail(tx: Sql, { stream, prefix }: Pick<Flow, 'stream' | 'prefix'>, consumed: string, lastSeq: number, afterReconnect: boolean): Promise<number> {
  return affected(
    tx,
    `UPDATE outbox SET published_at = NULL, stream = NULL, stream_seq = NULL, retry_at = NULL
     WHERE stream = $1 AND published_at IS NOT NULL AND starts_with(subject, $2) AND stream_seq > $3
       AND (stream_seq > $4 OR ($5 AND published_at > (SELECT alive_at FROM outbox_stream WHERE outbox_stream.stream = $1 AND prefix = $2) - interval '${lookBack}'))`,
    [stream, prefix, consumed, lastSeq, afterReconnect],
  );
}

function flowOf(subject: string): Flow {
  const stream = streams.find(({ subjects }) => (subjects as readonly string[]).includes(subject))?.name ?? 'DEAD';
  const durable = consumers.find((consumer) => consumer.stream === stream && consumer.filterSubject === subject)?.durable ?? null;
  return { stream, prefix: subject.replace(/[*>]$/, ''), durable };
}
