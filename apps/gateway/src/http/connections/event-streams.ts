import type { ServerResponse } from 'node:http';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ConnectError, ignoreFailure } from '@connect/domain';
import { Authenticate } from '../../keys/authenticate.use-case.js';
import { ConnectionStore } from '../../ports/connection-store.port.js';
import { Movements } from '../../ports/movements.port.js';

const heartbeatMs = 15_000;
/** A reader that takes nothing cannot keep open what has ended. */
const closedAfterMs = 5_000;
const streamsPerTenant = 100;
const batch = 100;

type Stream = { end(): void };

/** Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): each event once, in order, its sequence as id. */
@Injectable()
export class EventStreams implements OnModuleDestroy {
  private readonly streams = new Map<string, Set<Stream>>();

  constructor(private readonly connections: ConnectionStore, private readonly movements: Movements, private readonly authenticate: Authenticate) {}

  /** Begins after `afterSequence`. Throws `too_many_requests` where the tenant has too many streams. */
  open(tenantId: string, connectionId: string, afterSequence: number, request: FastifyRequest, reply: FastifyReply): void {
    const ofTenant = this.streams.get(tenantId) ?? new Set<Stream>();
    if (ofTenant.size >= streamsPerTenant) throw new ConnectError('too_many_requests', { detail: `at most ${streamsPerTenant} event streams a tenant`, retryAfterMs: 10_000 });
    reply.hijack();
    const raw = reply.raw;
    // The reader left already; its close is not told again.
    if (raw.destroyed) return;
    this.streams.set(tenantId, ofTenant);
    raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no', connection: 'keep-alive' });
    raw.flushHeaders();
    // A write after the end would be an error of the response, and one that nobody listens to ends the process.
    const stop = (): void => {
      clearInterval(heartbeat);
      unfollow();
      feed.stop();
    };
    const end = (): void => {
      stop();
      raw.end();
      setTimeout(() => raw.destroy(), closedAfterMs).unref();
    };
    const feed = new EventFeed(this.connections, connectionId, afterSequence, raw, end);
    const unfollow = this.movements.follow(connectionId, () => feed.read());
    // The heartbeat also looks again: a telling between replicas may have got lost, and the key may be revoked by now.
    const heartbeat = setInterval(() => void this.beat(request, feed), heartbeatMs);
    const stream: Stream = { end };
    ofTenant.add(stream);
    raw.on('drain', () => feed.drained());
    raw.on('error', () => raw.destroy());
    raw.on('close', () => {
      stop();
      ofTenant.delete(stream);
    });
    feed.read();
  }

  onModuleDestroy(): void {
    for (const ofTenant of this.streams.values()) for (const stream of ofTenant) stream.end();
  }

  private async beat(request: FastifyRequest, feed: EventFeed): Promise<void> {
    try {
      await this.authenticate.run(request.headers.authorization, request.ip);
      feed.beat();
    } catch (error) {
      ignoreFailure(error, 'the stream ends; whoever may read it comes again');
      feed.end();
    }
  }
}

type Reader = Pick<ServerResponse, 'write' | 'writableNeedDrain'>;

/** Reads on from the last sequence that was sent, one reading at a time; a reader that is too slow is waited for, and one that takes nothing from one beat to the next is not. */
class EventFeed {
  private reading = false;
  private again = false;
  private stopped = false;
  private wasFullAtBeat = false;

  constructor(private readonly connections: ConnectionStore, private readonly connectionId: string, private sequence: number, private readonly reader: Reader, readonly end: () => void) {}

  read(): void {
    this.again = true;
    if (!this.reading && !this.stopped && !this.reader.writableNeedDrain) void this.readOn();
  }

  drained(): void {
    this.wasFullAtBeat = false;
    this.read();
  }

  beat(): void {
    if (this.stopped) return;
    if (this.reader.writableNeedDrain) {
      if (this.wasFullAtBeat) this.end();
      this.wasFullAtBeat = true;
      return;
    }
    this.reader.write(': still here\n\n');
    this.read();
  }

  stop(): void {
    this.stopped = true;
  }

  private async readOn(): Promise<void> {
    this.reading = true;
    try {
      while (this.again && !this.stopped) {
        this.again = false;
        const rows = await this.connections.events(this.connectionId, this.sequence, batch);
        for (const { sequence, caused_by, body } of rows) {
          if (this.stopped) return;
          this.sequence = sequence;
          const flows = this.reader.write(`id: ${sequence}\nevent: ${body.type}\ndata: ${JSON.stringify({ ...body, caused_by })}\n\n`);
          if (body.type === 'archived') return this.end();
          // The drain of the socket calls read again.
          if (!flows) return;
        }
        if (rows.length === batch) this.again = true;
      }
    } catch (error) {
      ignoreFailure(error, 'the next movement or heartbeat reads again');
    } finally {
      this.reading = false;
    }
  }
}
