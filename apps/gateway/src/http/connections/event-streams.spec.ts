import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { DomainEvent } from '@connect/contracts';
import type { Authenticate } from '../../keys/authenticate.use-case.js';
import type { ConnectionStore, EventRow } from '../../ports/connection-store.port.js';
import type { Movement, Movements } from '../../ports/movements.port.js';
import { EventStreams } from './event-streams.js';

const beatMs = 15_000;
const aMinuteMs = 60_000;

/** A response whose reader takes nothing until it is told to, and whose socket closes only when it is destroyed. */
class Response extends EventEmitter {
  readonly written: string[] = [];
  writableNeedDrain = false;
  destroyed = false;
  ended = false;
  writeHead(): void {}
  flushHeaders(): void {}
  write(text: string): boolean {
    this.written.push(text);
    if (this.ended) this.emit('error', new Error('write after end'));
    this.writableNeedDrain = true;
    return false;
  }
  end(): void {
    this.ended = true;
    this.writableNeedDrain = false;
  }
  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.emit('close');
  }
  /** The reader takes what it was sent. */
  take(): void {
    this.writableNeedDrain = false;
    this.emit('drain');
  }
}

let followers: Set<(movement: Movement) => void>;
let events: EventRow[];
let isRevoked: boolean;
let streams: EventStreams;

beforeEach(() => {
  jest.useFakeTimers();
  followers = new Set();
  events = [];
  isRevoked = false;
  streams = new EventStreams(
    { events: async (_: string, after: number, limit: number) => events.filter(({ sequence }) => sequence > after).slice(0, limit) } as unknown as ConnectionStore,
    { tell() {}, follow: (_: string, onMove: (movement: Movement) => void) => { followers.add(onMove); return () => void followers.delete(onMove); } } as Movements,
    { run: async () => { if (isRevoked) throw new Error('revoked'); } } as unknown as Authenticate,
  );
});
afterEach(() => void jest.useRealTimers());

function happened(...types: DomainEvent['type'][]): void {
  for (const type of types) events.push({ sequence: events.length + 1, caused_by: 'spec', body: { type } } as EventRow);
  for (const onMove of followers) onMove({ connectionId: 'con_1', sequence: events.length, state: 'live' });
}

async function opened(raw = new Response()): Promise<Response> {
  streams.open('ten_1', 'con_1', 0, { headers: {}, ip: '192.0.2.1' } as FastifyRequest, { hijack() {}, raw } as unknown as FastifyReply);
  await jest.advanceTimersByTimeAsync(0);
  return raw;
}

describe('an event stream', () => {
  it.each([
    ['is over', async (raw: Response) => { happened('archived'); raw.take(); }],
    ['may not be read any more', async () => { isRevoked = true; await jest.advanceTimersByTimeAsync(beatMs); }],
    ['ends with the service', async () => streams.onModuleDestroy()],
  ])('that %s is not written to, and is let go although its reader takes nothing', async (_, end) => {
    happened('created');
    const raw = await opened();

    await end(raw);
    await jest.advanceTimersByTimeAsync(0);
    expect(raw.ended).toBe(true);
    const before = raw.written.length;
    happened('live', 'archived');
    await jest.advanceTimersByTimeAsync(aMinuteMs);

    expect(raw.written).toHaveLength(before);
    expect(raw.destroyed).toBe(true);
    expect([jest.getTimerCount(), followers.size]).toEqual([0, 0]);
  });

  it('waits for a reader that is slow: nothing more is written until it has taken what it was sent', async () => {
    happened('created', 'planning', 'writing');
    const raw = await opened();

    happened('live');
    await jest.advanceTimersByTimeAsync(beatMs + 1);
    expect(raw.written).toHaveLength(1);
    raw.take();
    await jest.advanceTimersByTimeAsync(beatMs);
    raw.take();
    await jest.advanceTimersByTimeAsync(beatMs);
    raw.take();
    await jest.advanceTimersByTimeAsync(0);

    expect(raw.written.map((text) => text.slice(0, 5))).toEqual(['id: 1', 'id: 2', 'id: 3', 'id: 4']);
    expect(raw.ended).toBe(false);
  });

  it('ends where its reader took nothing from one beat to the next', async () => {
    happened('created');
    const raw = await opened();

    await jest.advanceTimersByTimeAsync(aMinuteMs);

    expect([raw.destroyed, jest.getTimerCount()]).toEqual([true, 0]);
  });

  it('survives an error of its response', async () => {
    const raw = await opened();

    raw.emit('error', new Error('reset'));

    expect([raw.destroyed, jest.getTimerCount(), followers.size]).toEqual([true, 0, 0]);
  });

  it('whose reader left before it began takes nobody\'s place', async () => {
    const gone = new Response();
    gone.destroyed = true;

    for (let at = 0; at < 200; at += 1) await opened(gone);

    expect([jest.getTimerCount(), followers.size]).toEqual([0, 0]);
  });
});
