import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { DataSource } from 'typeorm';
import { applyConnection, changesApplied, type DataOf, type Message } from '@connect/contracts';
import { newUuid, systemClock } from '@connect/domain';
import { sql, transaction } from '@connect/storage';
import { eventually } from '@connect/testing';
import { BusWorld } from '../bus-world.fake.js';
import { newMessage } from '../new-message.js';
import { done, type Outcome } from '../outcome.js';
import type { RunningService } from '../service/start-service.js';
import { Handles } from '../transport/decorators.js';
import { Inbox } from './inbox.js';
import { Outbox } from './outbox.js';

type Apply = Message<DataOf<typeof applyConnection>>;

let world: BusWorld;
let gateway: RunningService;

beforeEach(async () => {
  world = await BusWorld.start([{ name: 'operator', publish: ['>'], subscribe: ['>'], responds: false }]);
  await world.provision();
  gateway = await world.startService('gateway', []);
});
afterEach(() => world.stop());

function command(): Apply {
  return newMessage(applyConnection, { tenantId: applyConnection.golden.tenant_id, connectionId: applyConnection.golden.connection_id, generation: 1 }, applyConnection.golden.data, systemClock);
}

/** Stores commands with an effect in one transaction each, as a use case does. */
async function tell(...commands: Apply[]): Promise<void> {
  const outbox = gateway.app.get(Outbox);
  for (const each of commands) await transaction(gateway.app.get(DataSource), (tx) => outbox.add(tx, each));
}

/** A worker that handles each command once, with its inbox, and remembers which. */
async function worker(): Promise<{ service: RunningService; handled: Apply[] }> {
  const handled: Apply[] = [];
  let begin = (_: RunningService): void => {};
  const begun = new Promise<RunningService>((resolve) => { begin = resolve; });
  @Controller()
  class ApplyHandler {
    @Handles(applyConnection)
    async handle(@Payload() message: Apply): Promise<Outcome> {
      const { app } = await begun;
      const first = await transaction(app.get(DataSource), (tx) => app.get(Inbox).firstTime(tx, 'dns-commands', message.id));
      if (first) handled.push(message);
      return done();
    }
  }
  const service = await world.startService('dns-worker', [ApplyHandler]);
  begin(service);
  return { service, handled };
}

async function unpublished(service = gateway): Promise<number> {
  const [row] = await sql<{ waiting: number }>(service.app.get(DataSource).manager, 'SELECT count(*)::int AS waiting FROM outbox WHERE published_at IS NULL');
  return row?.waiting ?? 0;
}

/** What /readyz says of the service's consumers. */
async function consumersOf(service: RunningService): Promise<string | undefined> {
  const body = (await (await fetch(`${service.innerUrl}/readyz`)).json()) as { checks?: Record<string, string> };
  return body.checks?.['consumers'];
}

async function stored(stream: string): Promise<number> {
  const connection = await world.connectAs('provision');
  return (await (await jetstreamManager(connection, { checkAPI: false })).streams.info(stream)).state.messages;
}

describe('the outbox', () => {
  it('publishes what was committed, with the sequence that the bus gave it, and nothing of what was rolled back', async () => {
    const told = command();
    await tell(told);
    await expect(transaction(gateway.app.get(DataSource), async (tx) => {
      await gateway.app.get(Outbox).add(tx, command());
      throw new TypeError('rolled back');
    })).rejects.toThrow('rolled back');

    await eventually(async () => (await unpublished()) === 0);

    expect(await stored('COMMANDS')).toBe(1);
    expect(await sql(gateway.app.get(DataSource).manager, 'SELECT id, stream, stream_seq FROM outbox')).toEqual([{ id: told.id, stream: 'COMMANDS', stream_seq: '1' }]);
  });

  it('is told to the worker without waiting for a poll', async () => {
    const { handled } = await worker();
    await tell(command());
    await eventually(() => handled.length === 1);
    const begun = performance.now();

    for (let count = 2; count <= 6; count += 1) {
      await tell(command());
      await eventually(() => handled.length === count);
    }

    expect(performance.now() - begun).toBeLessThan(900); // five polls would be 5 s; a nudge is some ms on a busy machine
  });

  it('stores a message once although it is published twice', async () => {
    const told = command();
    await tell(told);
    await eventually(async () => (await unpublished()) === 0);

    await tell(told);

    await eventually(async () => (await unpublished()) === 0);
    expect(await stored('COMMANDS')).toBe(1);
  });

  it('keeps what it cannot publish and tells it when the bus is back', async () => {
    const { handled } = await worker();
    await world.kill();

    const commands = Array.from({ length: 300 }, command);
    await tell(...commands);
    const waiting = await unpublished();
    await world.restart();

    await eventually(() => handled.length === 300, { timeoutMs: 15_000 });
    expect(waiting).toBe(300);
    expect(new Set(handled.map((each) => each.id))).toEqual(new Set(commands.map(({ id }) => id)));
  });

  it('does not let one message that is refused for ever stand in front of the others', async () => {
    const { handled } = await worker();
    const tooLarge = { ...command(), data: { ...applyConnection.golden.data, hostname: 'x'.repeat(2_000_000) } };

    await tell(tooLarge, command(), command());

    await eventually(() => handled.length === 2);
    await eventually(async () => (await unpublished()) === 1);
  });

  it('does not let a whole batch that nobody may publish stand in front of the others', async () => {
    const { handled } = await worker();
    const outbox = gateway.app.get(Outbox);
    await transaction(gateway.app.get(DataSource), (tx) => outbox.addRaw(tx, ...Array.from({ length: 300 }, () => ({ id: newUuid(), subject: 'evt.dns.changes-applied', body: {} }))));

    await tell(command());

    await eventually(() => handled.length === 1, { timeoutMs: 15_000 });
  });

  it('has told everything at a stop', async () => {
    const commands = Array.from({ length: 600 }, command);
    await transaction(gateway.app.get(DataSource), (tx) => gateway.app.get(Outbox).add(tx, ...commands));

    await gateway.stop();

    expect(await stored('COMMANDS')).toBe(600);
  });
});

describe('the loss of the whole store of the bus', () => {
  it('loses no command and handles none twice', async () => {
    const first = await worker();
    const before = Array.from({ length: 20 }, command);
    await tell(...before);
    await eventually(() => first.handled.length === 20);
    await first.service.stop();
    const between = Array.from({ length: 20 }, command);
    await tell(...between);
    await eventually(async () => (await stored('COMMANDS')) === 20);

    await world.kill();
    world.loseStore();
    await world.restart();
    await world.provision();
    const second = await worker();

    await eventually(() => second.handled.length >= 20, { timeoutMs: 15_000 });
    await eventually(async () => (await stored('COMMANDS')) === 0);
    expect(second.handled.map((each) => each.id).sort()).toEqual(between.map(({ id }) => id).sort());
  });

  it('is got over by services that run, when it is provisioned later', async () => {
    const { service, handled } = await worker();
    await tell(command());
    await eventually(() => handled.length === 1);

    await world.kill();
    world.loseStore();
    await world.restart();
    const meanwhile = command();
    await tell(meanwhile);
    await eventually(async () => (await consumersOf(service)) === 'failing', { timeoutMs: 10_000 });
    await world.provision();

    await eventually(() => handled.some((each) => each.id === meanwhile.id), { timeoutMs: 15_000 });
    await eventually(async () => (await consumersOf(service)) === 'ok', { timeoutMs: 10_000 });
    expect(handled).toHaveLength(2);
  });

  it('brings facts back to their consumers too', async () => {
    const { service: dnsWorker } = await worker();
    const fact = newMessage(changesApplied, { tenantId: changesApplied.golden.tenant_id, connectionId: changesApplied.golden.connection_id, generation: 1 }, changesApplied.golden.data, systemClock);
    await gateway.stop();
    await transaction(dnsWorker.app.get(DataSource), (tx) => dnsWorker.app.get(Outbox).add(tx, { ...fact, id: newUuid() }));
    await eventually(async () => (await stored('FACTS')) === 1);

    await world.kill();
    world.loseStore();
    await world.restart();
    await world.provision();

    await eventually(async () => (await stored('FACTS')) === 1, { timeoutMs: 15_000 });
  });
});

describe('a consumer that is deleted while the bus runs', () => {
  it('makes its service not ready, and is bound again when it is provisioned', async () => {
    const { service, handled } = await worker();
    await tell(command());
    await eventually(() => handled.length === 1);

    const operator = await jetstreamManager(await world.connectAs('operator'), { checkAPI: false });
    await operator.streams.delete('COMMANDS');
    await eventually(async () => (await consumersOf(service)) === 'failing', { timeoutMs: 10_000 });
    await world.provision();
    await tell(command());

    await eventually(() => handled.length === 2, { timeoutMs: 15_000 });
  });
});

describe('a power cut of the bus', () => {
  it('loses no command that was acknowledged and not synced, even when new ones take its sequence', async () => {
    const early = Array.from({ length: 5 }, command);
    await tell(...early);
    await eventually(async () => (await stored('COMMANDS')) === 5);
    await world.kill();
    world.keepStore();
    await world.restart();
    const unsynced = Array.from({ length: 10 }, command);
    await tell(...unsynced);
    await eventually(async () => (await stored('COMMANDS')) === 15, { timeoutMs: 10_000 });

    await world.kill();
    const late = Array.from({ length: 20 }, command);
    await tell(...late);
    world.restoreStore();
    await world.restart();
    const { handled } = await worker();

    await eventually(() => handled.length === 35, { timeoutMs: 15_000 });
    expect(handled.map((each) => each.id).sort()).toEqual([...early, ...unsynced, ...late].map(({ id }) => id).sort());
  });
});

describe('a bus that comes back with an older store', () => {
  const synced = Array.from({ length: 5 }, command);
  const lost = Array.from({ length: 10 }, command);

  /** The gateway has published `synced` and `lost` and is stopped; the bus holds `synced` only. */
  async function loseTheTail(): Promise<void> {
    await tell(...synced);
    await eventually(async () => (await stored('COMMANDS')) === 5);
    await world.kill();
    world.keepStore();
    await world.restart();
    await tell(...lost);
    await eventually(async () => (await stored('COMMANDS')) === 15, { timeoutMs: 10_000 });
    await gateway.stop();
    await world.kill();
    world.restoreStore();
    await world.restart();
  }

  it('gets again what it acknowledged shortly before, although another publisher took the sequences', async () => {
    await loseTheTail();
    const other = jetstream(await world.connectAs('operator'));
    for (let count = 0; count < 20; count += 1) await other.publish('cmd.verify.other', '{}');

    gateway = await world.startService('gateway', []);
    const { handled } = await worker();

    await eventually(() => handled.length === 15, { timeoutMs: 15_000 });
    expect(handled.map(({ id }) => id).sort()).toEqual([...synced, ...lost].map(({ id }) => id).sort());
  });

  it('gets again what it acknowledged long before, ahead of new messages that would take the sequences', async () => {
    await loseTheTail();
    const database = await world.database('gateway');
    await database.query("UPDATE outbox SET published_at = published_at - interval '1 hour'");
    await database.query(`INSERT INTO outbox (id, subject, envelope) SELECT gen_random_uuid(), 'cmd.verify.other', '{}' FROM generate_series(1, 20)`);

    gateway = await world.startService('gateway', []);
    const { handled } = await worker();

    await eventually(() => handled.length === 15, { timeoutMs: 15_000 });
    expect(handled.map(({ id }) => id).sort()).toEqual([...synced, ...lost].map(({ id }) => id).sort());
  });
});

describe('a bus that is killed', () => {
  it('again and again while commands flow: each is handled, none twice', async () => {
    const { handled } = await worker();
    const commands = Array.from({ length: 200 }, command);

    for (const part of [commands.slice(0, 70), commands.slice(70, 140), commands.slice(140)]) {
      const telling = tell(...part);
      await world.kill();
      await world.restart();
      await telling;
    }

    await eventually(() => handled.length === 200, { timeoutMs: 20_000 });
    await eventually(async () => (await unpublished()) === 0);
    expect(new Set(handled.map((each) => each.id)).size).toBe(200);
  });
});
