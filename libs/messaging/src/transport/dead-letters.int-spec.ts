import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { jetstream } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { DataSource } from 'typeorm';
import { applyConnection, deadLetterRequests, type DataOf, type DeadLetterLine, type Message } from '@connect/contracts';
import { ConnectError, newUuid } from '@connect/domain';
import { currentTraceId, traceHeader } from '@connect/observability';
import { sql, transaction } from '@connect/storage';
import { eventually } from '@connect/testing';
import { BusWorld } from '../bus-world.fake.js';
import { Requests } from '../bus/requests.js';
import { Inbox } from '../outbox/inbox.js';
import { sweepMessagingTables } from '../outbox/housekeeping.js';
import { done, type Outcome } from '../outcome.js';
import type { RunningService } from '../service/start-service.js';
import type { BusContext } from './bus-context.js';
import { Handles } from './decorators.js';

const { list, show, replay, drop } = deadLetterRequests('dns-worker');
const traceId = 'a'.repeat(32);
let world: BusWorld;
let gateway: NatsConnection;
let operator: Requests;
let worker: RunningService;
/** What is wrong with the worker, or null when it is mended. */
let fault: ConnectError | null;
let seen: { consumer: string; count: number; traceId: string | null }[];

@Controller()
class ApplyHandler {
  @Handles(applyConnection)
  async handle(@Payload() message: Message<DataOf<typeof applyConnection>>, @Ctx() context: BusContext): Promise<Outcome> {
    seen.push({ consumer: context.consumer, count: context.deliveryCount, traceId: currentTraceId() });
    await transaction(dataSource(), async (tx) => {
      if (!(await worker.app.get(Inbox).firstTime(tx, context.consumer, message.id))) return;
      if (fault !== null) throw fault;
      await sql(tx, 'INSERT INTO effect (message_id, worker) VALUES ($1, $2)', [message.id, 'any']);
    });
    return done();
  }
}

beforeAll(async () => {
  world = await BusWorld.start();
  await world.provision();
  gateway = await world.connectAs('gateway');
  operator = (await world.startService('gateway', [])).app.get(Requests);
  worker = await world.startService('dns-worker', [ApplyHandler]);
});
afterAll(() => world?.stop());
beforeEach(async () => {
  [fault, seen] = [null, []];
  await sql(dataSource().manager, 'TRUNCATE dead_letter');
});

function dataSource(): DataSource {
  return worker.app.get(DataSource);
}

/** Sends a command that the worker cannot handle, and waits until it is dead. */
async function poisoned(body?: string): Promise<{ messageId: string; letter: DeadLetterLine }> {
  fault = new ConnectError('seal_broken', { detail: 'moved' });
  const messageId = newUuid();
  const sent = headers();
  sent.set(traceHeader, `00-${traceId}-${'1'.repeat(16)}-01`);
  await jetstream(gateway).publish(applyConnection.subject, body ?? JSON.stringify({ ...applyConnection.golden, id: messageId }), { headers: sent });
  return { messageId, letter: await eventually(async () => (await waiting())[0] ?? false, { timeoutMs: 20_000 }) };
}
async function waiting(replayed = false): Promise<DeadLetterLine[]> {
  return (await operator.ask(list, { limit: 100, replayed })).letters;
}
async function effectsOf(messageId: string): Promise<number> {
  return (await sql(dataSource().manager, 'SELECT FROM effect WHERE message_id = $1', [messageId])).length;
}

describe('a dead letter', () => {
  it('is carried through exactly once when its cause is mended, and a second replay changes nothing', async () => {
    const { messageId, letter: { id } } = await poisoned();
    expect(await effectsOf(messageId)).toBe(0);
    fault = null;

    const first = await operator.ask(replay, { id });
    const second = await operator.ask(replay, { id });

    expect([first.outcome, second.outcome]).toEqual(['done', 'replayed_before']);
    expect(await effectsOf(messageId)).toBe(1);
    expect(seen).toEqual([1, 2].map((count) => ({ consumer: 'dns-commands', count, traceId })));
    expect(await waiting()).toEqual([]);
    expect(await waiting(true)).toMatchObject([{ id, replayed_at: expect.any(String) }]);
  });

  it('has one effect although it is replayed by several at once, or the worker died before it could note it', async () => {
    const { messageId, letter: { id } } = await poisoned();
    fault = null;

    const replays = await Promise.all(Array.from({ length: 5 }, () => operator.ask(replay, { id })));
    await sql(dataSource().manager, 'UPDATE dead_letter SET replayed_at = NULL');
    const again = await operator.ask(replay, { id });

    expect(replays.every(({ outcome }) => outcome === 'done' || outcome === 'replayed_before')).toBe(true);
    expect(again.outcome).toBe('done');
    expect(await effectsOf(messageId)).toBe(1);
  });

  it('waits on when its cause is still there, and says what is wrong now', async () => {
    const { messageId, letter: { id } } = await poisoned();

    expect(await operator.ask(replay, { id })).toEqual({ outcome: 'dead', code: 'seal_broken', detail: 'moved' });
    fault = new ConnectError('unavailable');
    expect(await operator.ask(replay, { id })).toMatchObject({ outcome: 'later', detail: 'unavailable' });

    expect(await waiting()).toMatchObject([{ id, code: 'seal_broken', deliveries: 2, replayed_at: null }]);
    expect(await effectsOf(messageId)).toBe(0);
  });

  it('is shown with what it said, also where that is no JSON', async () => {
    const { letter } = await poisoned('{"half":');

    expect(letter).toMatchObject({ subject: applyConnection.subject, consumer: 'dns-commands', code: 'malformed_message', deliveries: 1 });
    expect(await operator.ask(show, { id: letter.id })).toMatchObject({ ...letter, body: '{"half":', body_characters: 8 });
    expect(await operator.ask(replay, { id: letter.id })).toMatchObject({ outcome: 'dead', code: 'malformed_message' });
  });

  it('that is dropped is gone, and one that is not there is not found', async () => {
    const { letter: { id } } = await poisoned();

    await operator.ask(drop, { id });

    expect(await waiting()).toEqual([]);
    for (const request of [show, replay, drop]) await expect(operator.ask(request, { id })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is counted while it waits, and goes after 30 days only if it was replayed or could never be read', async () => {
    const { letter: { id } } = await poisoned();
    expect(await (await fetch(`${worker.innerUrl}/metrics`)).text()).toMatch(/^dead_letters_waiting(\{[^}]*\})? 1$/m);
    await sql(dataSource().manager, "UPDATE dead_letter SET died_at = died_at - interval '31 days'");

    await sweepMessagingTables(dataSource().manager);
    expect(await waiting()).toMatchObject([{ id }]);
    await sql(dataSource().manager, "UPDATE dead_letter SET replayed_at = died_at");
    await sweepMessagingTables(dataSource().manager);

    expect(await waiting(true)).toEqual([]);
  });
});
