import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { jetstream, type JetStreamClient, type PubAck } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { DataSource } from 'typeorm';
import { ignoreFailure } from '@connect/domain';
import { Counter, Gauge, LOGGER, METRICS, traceHeader, type Logger, type Metrics } from '@connect/observability';
import { sql, transaction, type Sql } from '@connect/storage';
import { beside } from '../beside.js';
import { BUS_CONNECTION } from '../bus/connect-bus.js';
import { MESSAGING_SETTINGS, type MessagingSettings } from '../messaging-settings.js';
import { sweepMessagingTables } from './housekeeping.js';
import { RelayNudge } from './relay-nudge.js';
import { StreamWatch } from './stream-watch.js';

type Row = { id: string; subject: string; body: string; traceparent: string | null };
type Published = Pick<PubAck, 'stream' | 'seq' | 'duplicate'> & { id: string };

const batchSize = 256;
/** The net under the nudge: what another process left behind. */
const pollMs = 1_000;
const compareMs = 10_000;
const sweepMs = 60_000;
const publishTimeoutMs = 2_000;
/** Where others of the batch got through, the fault is the message's own; else it may be the bus, which can be back at any moment. */
const longestWaitSeconds = { messageFault: 60, busFault: 4 };

/**
 * Publishes the outbox: nudged after a commit, in batches, all of a batch at once. Replicas share the work (SKIP LOCKED). A row stays until the bus
 * has acknowledged it, and seven days more, so that it can be told again.
 */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly jetstream: JetStreamClient;
  private readonly watch: StreamWatch;
  private readonly published: Counter<'stream'>;
  private readonly waiting: Gauge;
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly lastSeq = new Map<string, number>();
  private asked = false;
  private running: Promise<void> | null = null;
  private comparison: 'none' | 'routine' | 'after reconnect' = 'after reconnect';
  private isAway = false;
  private hasFailed = false;
  private stopped = false;

  constructor(
    @Inject(BUS_CONNECTION) private readonly connection: NatsConnection,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(RelayNudge) private readonly nudges: RelayNudge,
    @Inject(MESSAGING_SETTINGS) settings: MessagingSettings,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(METRICS) metrics: Metrics,
  ) {
    this.jetstream = jetstream(connection);
    this.watch = new StreamWatch(connection, dataSource, settings.service);
    this.published = new Counter({ name: 'outbox_published_total', help: 'Messages that the bus acknowledged', labelNames: ['stream'], registers: [metrics] });
    this.waiting = new Gauge({ name: 'outbox_waiting', help: 'Rows that the last batch could not publish', registers: [metrics] });
  }

  onApplicationBootstrap(): void {
    this.nudges.onNudge(() => this.nudge());
    this.every(pollMs, () => this.nudge());
    this.every(compareMs, () => { if (this.comparison === 'none') this.comparison = 'routine'; });
    this.every(sweepMs, () => void this.sweep());
    beside(this.log, 'following the bus connection', () => this.followConnection());
    this.nudge();
  }

  /** Publishes what is left, once, and ends. The bus connection is still open. */
  async onApplicationShutdown(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    for (const timer of this.timers) clearInterval(timer);
    this.nudges.onNudge(() => {});
    // A run that is under way may have looked at the table before the last commit.
    await this.running;
    await this.run();
  }

  nudge(): void {
    this.asked = true;
    if (this.running !== null || this.stopped) return;
    this.running = this.run().finally(() => {
      this.running = null;
      if (this.asked && !this.hasFailed) this.nudge();
    });
  }

  private async run(): Promise<void> {
    this.asked = false;
    if (this.isAway) return;
    try {
      // Before new messages take the sequences of lost ones. Where a stream is not there yet, the others are published all the same.
      const compared = this.comparison === 'after reconnect' ? this.compare() : null;
      await compared?.catch((error: unknown) => ignoreFailure(error, 'thrown below'));
      while ((await this.publishBatch()) === batchSize);
      await (compared ?? (this.comparison === 'none' ? null : this.compare()));
      if (this.hasFailed) this.log.info({}, 'the outbox is published again');
      this.hasFailed = false;
    } catch (error) {
      // The next poll tries again. Said once, not every second.
      if (!this.hasFailed) this.log.warn({ err: error }, 'the outbox could not be published; trying again');
      this.hasFailed = true;
    }
  }

  private async compare(): Promise<void> {
    if (this.comparison === 'after reconnect') await sql(this.dataSource.manager, 'UPDATE outbox SET retry_at = NULL WHERE published_at IS NULL AND retry_at IS NOT NULL');
    const again = await this.watch.compare({ afterReconnect: this.comparison === 'after reconnect' });
    this.comparison = 'none';
    if (again === 0) return;
    this.log.warn({ messages: again }, 'the bus may have lost messages; publishing them again');
    this.asked = true;
  }

  /** Returns the number of rows it looked at. */
  private async publishBatch(): Promise<number> {
    return transaction(this.dataSource, async (tx) => {
      // Whoever nudged until now has committed before: the rows are seen here, and no run of its own is needed.
      this.asked = false;
      const rows = await sql<Row>(
        tx,
        `SELECT id, subject, envelope::text AS body, traceparent FROM outbox WHERE published_at IS NULL AND (retry_at IS NULL OR retry_at <= now())
         ORDER BY id LIMIT ${batchSize} FOR UPDATE SKIP LOCKED`,
      );
      if (rows.length === 0) return 0;
      const results = await Promise.all(rows.map((row) => this.publish(row)));
      const published = results.filter((result) => result !== null);
      this.noticeNewStreams(published);
      await this.remember(tx, published);
      const failed = rows.filter((_, index) => results[index] === null);
      this.waiting.set(failed.length);
      if (failed.length > 0) await this.postpone(tx, failed, published.length > 0 ? longestWaitSeconds.messageFault : longestWaitSeconds.busFault);
      return published.length === 0 ? 0 : rows.length;
    });
  }

  private async publish(row: Row): Promise<Published | null> {
    const sent = headers();
    if (row.traceparent !== null) sent.set(traceHeader, row.traceparent);
    try {
      const ack = await this.jetstream.publish(row.subject, row.body, { msgID: row.id, headers: sent, timeout: publishTimeoutMs });
      return { id: row.id, stream: ack.stream, seq: ack.seq, duplicate: ack.duplicate };
    } catch (error) {
      this.log.debug({ subject: row.subject, err: error }, 'a message was not acknowledged');
      return null;
    }
  }

  private async remember(tx: Sql, published: Published[]): Promise<void> {
    if (published.length === 0) return;
    await sql(
      tx,
      `UPDATE outbox SET published_at = now(), stream = row.stream, stream_seq = row.seq, retry_at = NULL
       FROM unnest($1::uuid[], $2::text[], $3::bigint[]) AS row (id, stream, seq) WHERE outbox.id = row.id`,
      [published.map(({ id }) => id), published.map(({ stream }) => stream), published.map(({ seq }) => seq)],
    );
    for (const { stream } of published) this.published.inc({ stream });
  }

  /** Nothing that is refused for ever may stand in front of the queue. */
  private async postpone(tx: Sql, failed: Row[], atMostSeconds: number): Promise<void> {
    this.log.warn({ messages: failed.length, subject: failed[0]?.subject }, 'messages were not acknowledged; trying them again later');
    await sql(tx, `UPDATE outbox SET attempts = attempts + 1, retry_at = now() + least(power(2, least(attempts, 6)), $2) * interval '1 second' WHERE id = ANY($1::uuid[])`, [failed.map(({ id }) => id), atMostSeconds]);
  }

  /** Sequences only grow from batch to batch; a lower one comes from a stream that was made again. */
  private noticeNewStreams(acks: Published[]): void {
    const before = new Map(this.lastSeq);
    for (const { stream, seq, duplicate } of acks) {
      if (duplicate) continue;
      const countsAnew = seq <= (before.get(stream) ?? 0);
      if (countsAnew) this.comparison = 'after reconnect';
      this.lastSeq.set(stream, countsAnew ? seq : Math.max(seq, this.lastSeq.get(stream) ?? 0));
    }
  }

  private async sweep(): Promise<void> {
    try {
      await sweepMessagingTables(this.dataSource.manager);
    } catch (error) {
      this.log.warn({ err: error }, 'old messages could not be swept; trying again in a minute');
    }
  }

  private async followConnection(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') this.isAway = true;
      if (status.type !== 'reconnect') continue;
      this.isAway = false;
      this.comparison = 'after reconnect';
      this.nudge();
    }
  }

  private every(ms: number, work: () => void): void {
    const timer = setInterval(work, ms);
    timer.unref();
    this.timers.push(timer);
  }
}
