import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DataSource } from 'typeorm';
import { consumers, streams, type ServiceName } from '@connect/contracts';
import { affected, sql, transaction, type Sql } from '@connect/storage';
import { publishedBy } from '../bus/bus-users.js';

/** JetStream acknowledges before it syncs (`sync_interval` 2 minutes): so much can be gone after a power cut, although it was acknowledged. */
const lookBack = '5 minutes';

type KnownStream = { incarnation: string; consumed_seq: string };
/** What the stream says of itself; `consumed` is the sequence up to which all consumers of our subjects have settled. */
type Seen = { incarnation: string; lastSeq: number; consumed: number };

/**
 * Compares what was published with what the bus still holds. Postgres is the truth and the bus a carrier: what a stream lost, and nobody is known to have
 * consumed, is published again. Consumers have an inbox, so too much is harmless and too little is not.
 */
export class StreamWatch {
  private readonly streams: { name: string; durables: string[] }[];
  private manager: Promise<JetStreamManager> | null = null;

  constructor(private readonly connection: NatsConnection, private readonly dataSource: DataSource, service: ServiceName) {
    const subjects: readonly string[] = publishedBy[service];
    this.streams = streams
      .filter(({ name, subjects: captured }) => name === 'DEAD' || captured.some((subject) => subjects.includes(subject)))
      .map(({ name }) => ({ name, durables: consumers.filter((consumer) => consumer.stream === name && subjects.includes(consumer.filterSubject)).map(({ durable }) => durable) }));
  }

  /**
   * Returns how many rows are to be published again. `afterReconnect`: also what the server may have acknowledged and not kept, counted from when it was last
   * seen alive. A stream that is not there does not hinder the others; its error is thrown at the end.
   */
  async compare(options: { afterReconnect: boolean }): Promise<number> {
    const results = await Promise.allSettled(this.streams.map(async ({ name, durables }) => {
      const seen = await this.look(name, durables);
      return transaction(this.dataSource, (tx) => this.reconcile(tx, name, seen, options.afterReconnect));
    }));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return results.reduce((sum, result) => sum + (result.status === 'fulfilled' ? result.value : 0), 0);
  }

  private async look(name: string, durables: string[]): Promise<Seen> {
    const manager = await (this.manager ??= jetstreamManager(this.connection, { checkAPI: false }));
    const stream = await manager.streams.info(name);
    const settled = await Promise.all(durables.map(async (durable) => {
      const info = await manager.consumers.info(name, durable);
      return info.num_pending === 0 && info.num_ack_pending === 0 ? stream.state.last_seq : info.ack_floor.stream_seq;
    }));
    return { incarnation: stream.created, lastSeq: stream.state.last_seq, consumed: settled.length === 0 ? 0 : Math.min(...settled) };
  }

  private async reconcile(tx: Sql, name: string, seen: Seen, afterReconnect: boolean): Promise<number> {
    await sql(tx, 'INSERT INTO outbox_stream (stream, incarnation) VALUES ($1, $2) ON CONFLICT DO NOTHING', [name, seen.incarnation]);
    const [known] = await sql<KnownStream>(tx, 'SELECT incarnation, consumed_seq FROM outbox_stream WHERE stream = $1 FOR UPDATE', [name]);
    const again = known?.incarnation === seen.incarnation ? await this.lostTail(tx, name, seen, afterReconnect) : await this.lostStream(tx, name);
    await sql(
      tx,
      'UPDATE outbox_stream SET incarnation = $2, consumed_seq = CASE WHEN incarnation = $2 THEN least(greatest(consumed_seq, $3), $4) ELSE $3 END, alive_at = now() WHERE stream = $1',
      [name, seen.incarnation, seen.consumed, seen.lastSeq],
    );
    return again;
  }

  /** The stream was made again and counts from 1: everything is forgotten but what was consumed before. */
  private async lostStream(tx: Sql, name: string): Promise<number> {
    const rows = await sql<{ again: boolean }>(
      tx,
      `UPDATE outbox SET stream = NULL, stream_seq = NULL, retry_at = NULL,
         published_at = CASE WHEN stream_seq > (SELECT consumed_seq FROM outbox_stream WHERE outbox_stream.stream = $1) THEN NULL ELSE published_at END
       WHERE stream = $1 AND published_at IS NOT NULL RETURNING published_at IS NULL AS again`,
      [name],
    );
    return rows.filter(({ again }) => again).length;
  }

  private async lostTail(tx: Sql, name: string, seen: Seen, afterReconnect: boolean): Promise<number> {
    return affected(
      tx,
      `UPDATE outbox SET published_at = NULL, stream = NULL, stream_seq = NULL, retry_at = NULL
       WHERE stream = $1 AND published_at IS NOT NULL
         AND stream_seq > (SELECT consumed_seq FROM outbox_stream WHERE outbox_stream.stream = $1)
         AND (stream_seq > $2 OR ($3 AND published_at > (SELECT alive_at FROM outbox_stream WHERE outbox_stream.stream = $1) - interval '${lookBack}'))`,
      [name, seen.lastSeq, afterReconnect],
    );
  }
}
