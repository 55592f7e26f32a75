import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, type Type } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { DataSource } from 'typeorm';
import { applyConnection, leaseCredential, receiptImage, type DataOf, type Message } from '@connect/contracts';
import { ConnectError, newUuid } from '@connect/domain';
import { currentTraceId } from '@connect/observability';
import { sql, transaction } from '@connect/storage';
import { eventually } from '@connect/testing';
import { BusWorld } from '../bus-world.fake.js';
import { Requests } from '../bus/requests.js';
import { Inbox } from '../outbox/inbox.js';
import { dead, done, later, type Outcome } from '../outcome.js';
import type { RunningService } from '../service/start-service.js';
import { BusContext } from './bus-context.js';
import { Answers, Handles, HandlesIntake } from './decorators.js';

type Apply = Message<DataOf<typeof applyConnection>>;
type Delivery = { message: Apply; count: number; traceId: string | null };

let world: BusWorld;
let gateway: NatsConnection;
let started: RunningService[] = [];

beforeAll(async () => {
  world = await BusWorld.start();
  await world.provision();
  gateway = await world.connectAs('gateway');
});
afterAll(() => world.stop());
afterEach(async () => {
  await Promise.all(started.map((service) => service.stop()));
  started = [];
});

/** A worker whose handler does what `handle` says, and what was delivered to it. */
async function worker(handle: (delivery: Delivery) => Promise<Outcome>, options: { shutdownMs?: number } = {}): Promise<{ service: RunningService; deliveries: Delivery[] }> {
  const deliveries: Delivery[] = [];
  @Controller()
  class ApplyHandler {
    @Handles(applyConnection)
    async handle(@Payload() message: Apply, @Ctx() context: BusContext): Promise<Outcome> {
      const delivery = { message, count: context.deliveryCount, traceId: currentTraceId() };
      deliveries.push(delivery);
      return handle(delivery);
    }
  }
  return { service: await start('dns-worker', [ApplyHandler], options), deliveries };
}

async function start(name: 'dns-worker' | 'credential-vault' | 'gateway', controllers: Type[], options: { shutdownMs?: number } = {}): Promise<RunningService> {
  const service = await world.startService(name, controllers, options);
  started.push(service);
  return service;
}

async function send(body: unknown = { ...applyConnection.golden, id: newUuid() }): Promise<void> {
  await jetstream(gateway).publish(applyConnection.subject, typeof body === 'string' ? body : JSON.stringify(body));
}

/** How many commands the bus still holds. */
async function held(): Promise<number> {
  return (await (await jetstreamManager(gateway, { checkAPI: false })).streams.info('COMMANDS')).state.messages;
}

async function deadLetters(service: RunningService): Promise<{ code: string; detail: string | null; body: string; deliveries: number }[]> {
  return sql(service.app.get(DataSource).manager, 'DELETE FROM dead_letter RETURNING code, detail, body, deliveries');
}

describe('messages', () => {
  it('are handed to their handler as their schema says, and leave the bus when it is done', async () => {
    const { deliveries } = await worker(async () => done());

    await send({ ...applyConnection.golden, unknown: 'field' });

    await eventually(() => deliveries.length === 1);
    expect(deliveries[0]).toMatchObject({ count: 1, message: applyConnection.golden });
    expect(deliveries[0]?.message).not.toHaveProperty('unknown');
    await eventually(async () => (await held()) === 0);
  });

  it('come back after the delay that the handler asked for', async () => {
    const { deliveries } = await worker(async ({ count }) => (count === 1 ? later({ delayMs: 120, reason: 'not yet' }) : done()));
    const begun = performance.now();

    await send();

    await eventually(() => deliveries.length === 2);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(115);
  });

  it('come back after an error that passes, and after one that carries no decision', async () => {
    const failures = [new ConnectError('unavailable'), new ConnectError('rate_limited', { retryAfterMs: 20 }), new TypeError('a bug')];
    const { deliveries, service } = await worker(async ({ count }) => {
      const failure = failures[count - 1];
      if (failure !== undefined) throw failure;
      return done();
    });

    await send();

    await eventually(() => deliveries.length === 4);
    await eventually(async () => (await held()) === 0);
    expect(await deadLetters(service)).toEqual([]);
  });

  it('are dead at once after an error that stays: a row first, then a message, then the end of the delivery', async () => {
    const { deliveries, service } = await worker(async () => { throw new ConnectError('seal_broken', { detail: 'moved' }); });
    const operator = await world.connectAs('provision');

    await send();

    await eventually(async () => (await held()) === 0);
    expect(deliveries).toHaveLength(1);
    const manager = await jetstreamManager(operator, { checkAPI: false });
    await eventually(async () => (await manager.streams.info('DEAD', { subjects_filter: '>' })).state.subjects?.['dead.cmd.dns.apply-connection'] === 1);
    expect(await deadLetters(service)).toMatchObject([{ code: 'seal_broken', detail: 'moved', deliveries: 1 }]);
  });

  it('are dead when the handler says so', async () => {
    const { service } = await worker(async () => dead({ code: 'unsupported', detail: 'never' }));

    await send();

    await eventually(async () => (await held()) === 0);
    expect(await deadLetters(service)).toMatchObject([{ code: 'unsupported', detail: 'never' }]);
  });

  it.each([['no JSON', '{"half":'], ['another schema', JSON.stringify({ ...applyConnection.golden, data: { hostname: 7 } })], ['a NUL', 'a\u0000b']])('with %s are dead letters, and the next one is handled', async (_, body) => {
    const { deliveries, service } = await worker(async () => done());

    await send(body);
    await send();

    await eventually(() => deliveries.length === 1);
    await eventually(async () => (await held()) === 0);
    expect(await deadLetters(service)).toMatchObject([{ code: 'malformed_message' }]);
  });

  it('stay on the bus while the dead letter cannot be stored', async () => {
    const { deliveries, service } = await worker(async () => dead({ code: 'unsupported' }));
    const dataSource = service.app.get(DataSource);
    await sql(dataSource.manager, 'ALTER TABLE dead_letter RENAME TO dead_letter_away');

    await send();
    await eventually(() => deliveries.length >= 2, { timeoutMs: 10_000 });
    const whileAway = await held();
    await sql(dataSource.manager, 'ALTER TABLE dead_letter_away RENAME TO dead_letter');

    expect(whileAway).toBe(1);
    await eventually(async () => (await held()) === 0, { timeoutMs: 10_000 });
    expect(await deadLetters(service)).toHaveLength(1);
  });

  it('are handled once although two replicas take them and each is delivered twice', async () => {
    const inboxed = (service: () => RunningService) => async ({ message }: Delivery): Promise<Outcome> => {
      const { app } = service();
      await transaction(app.get(DataSource), async (tx) => {
        if (await app.get(Inbox).firstTime(tx, 'dns-commands', message.id)) await sql(tx, 'INSERT INTO effect (message_id, worker) VALUES ($1, $2)', [message.id, 'any']);
      });
      return done();
    };
    const replicas: RunningService[] = [];
    for (const index of [0, 1]) replicas.push((await worker(inboxed(() => replicas[index] as RunningService))).service);
    const ids = Array.from({ length: 60 }, newUuid);

    await Promise.all([...ids, ...ids].map((id) => send({ ...applyConnection.golden, id })));

    await eventually(async () => (await held()) === 0);
    const effects = await sql<{ message_id: string }>((replicas[0] as RunningService).app.get(DataSource).manager, 'SELECT message_id FROM effect');
    expect(effects.map(({ message_id: id }) => id).sort()).toEqual([...ids].sort());
  });

  it('in hand are finished at a stop, and what is not begun goes to another replica', async () => {
    let release = (): void => {};
    const held1 = new Promise<void>((resolve) => { release = resolve; });
    const first = await worker(async () => { await held1; return done(); });
    await send();
    await eventually(() => first.deliveries.length === 1);

    const stopped = first.service.stop();
    const second = await worker(async () => done());
    await send();
    await eventually(() => second.deliveries.length === 1);
    release();
    await stopped;

    await eventually(async () => (await held()) === 0);
    expect(first.deliveries.map(({ count }) => count)).toEqual([1]);
    expect(second.deliveries.map(({ count }) => count)).toEqual([1]);
  });

  it('carry their trace into the handler', async () => {
    const { deliveries } = await worker(async () => done());

    await send();

    await eventually(() => deliveries.length === 1);
    expect(deliveries[0]?.traceId).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('intake', () => {
  it('is handed over raw, also per tenant, and as malformed where it is no JSON', async () => {
    const seen: [string, unknown, string | null][] = [];
    @Controller()
    class Intake {
      @HandlesIntake('domain.connect')
      async handle(@Payload() body: unknown, @Ctx() context: BusContext): Promise<Outcome> {
        seen.push([context.subject, body, context.header('Publisher')]);
        return done();
      }
    }
    await start('gateway', [Intake]);
    const publisher = jetstream(await world.connectAs('intake'));

    await publisher.publish('domain.connect', '{"any":1}');
    await publisher.publish('domain.connect.ten_1', 'not json');

    await eventually(() => seen.length === 2);
    expect(seen.sort()).toEqual([['domain.connect', { any: 1 }, null], ['domain.connect.ten_1', { malformed: true }, null]]);
  });
});

describe('requests', () => {
  const ask = { tenant_id: 'ten_1', connection_id: 'con_1', receipt_id: 'rcp_1' };

  async function asker(): Promise<Requests> {
    return (await start('gateway', [])).app.get(Requests);
  }
  async function answering(answer: (asked: unknown) => Promise<unknown>): Promise<void> {
    @Controller()
    class Receipts {
      @Answers(receiptImage)
      answer(@Payload() asked: unknown): Promise<unknown> {
        return answer(asked);
      }
    }
    await start('dns-worker', [Receipts]);
  }

  it('get the answer of the responder', async () => {
    await answering(async (asked) => ({ before: [], after: [{ owner_name: JSON.stringify(asked), type: 'TXT', ttl_seconds: 1, values: ['x'] }] }));

    const answer = await (await asker()).ask(receiptImage, ask);

    expect(JSON.parse(answer.after[0]?.owner_name ?? '')).toEqual(ask);
  });

  it('get the code of a refusal as an error', async () => {
    await answering(async () => { throw new ConnectError('not_found', { detail: 'no such receipt' }); });

    await expect((await asker()).ask(receiptImage, ask)).rejects.toMatchObject({ code: 'not_found', detail: 'no such receipt' });
  });

  it('learn nothing of an error that is a fault', async () => {
    await answering(async () => { throw new TypeError('with a secret in it'); });

    await expect((await asker()).ask(receiptImage, ask)).rejects.toMatchObject({ code: 'internal', detail: undefined });
  });

  it('whose answer no message can carry are told so, and the next one is answered', async () => {
    let values = ['x'.repeat(2 * 1024 * 1024)];
    await answering(async () => ({ before: [], after: [{ owner_name: 'a.example.', type: 'TXT', ttl_seconds: 1, values }] }));
    const requests = await asker();

    await expect(requests.ask(receiptImage, ask)).rejects.toMatchObject({ code: 'internal' });

    values = ['x'];
    expect((await requests.ask(receiptImage, ask)).after[0]?.values).toEqual(['x']);
  });

  it('that do not fit the schema are refused', async () => {
    await answering(async () => ({ before: [], after: [] }));

    const answer = await gateway.request(receiptImage.subject, '{"tenant_id":1}', { timeout: 2_000 });

    expect(answer.json()).toMatchObject({ refused: 'malformed_message' });
  });

  it('are unavailable when nobody answers, or not in time', async () => {
    const requests = await asker();
    await expect(requests.ask(receiptImage, ask)).rejects.toMatchObject({ code: 'unavailable' });

    let release = (): void => {};
    const late = new Promise<void>((resolve) => { release = resolve; });
    await answering(async () => { await late; return { before: [], after: [] }; });
    await expect(requests.ask(receiptImage, ask, { timeoutMs: 30 })).rejects.toMatchObject({ code: 'unavailable' });
    release();
  });

  it('for a lease are not even heard from the gateway', async () => {
    await expect((await asker()).ask(leaseCredential, { tenant_id: 't', application_id: 'a', credential_id: 'c', provider: 'p', purpose: 'write', zone: null, fence: null, connections: [], worker_jwk: {} }, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'unavailable' });
  });
});
