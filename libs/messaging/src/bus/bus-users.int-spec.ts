import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';
import { consumers, inboxPrefix, serviceNames, type ServiceName } from '@connect/contracts';
import { BusWorld } from '../bus-world.fake.js';
import { intakeUserForTenant } from './bus-users.js';
import type { BusIdentity } from './connect-bus.js';

const tenant = `ten_${'0'.repeat(31)}1`;
const other = `ten_${'0'.repeat(31)}2`;
let world: BusWorld;

beforeAll(async () => {
  world = await BusWorld.start([intakeUserForTenant(tenant)]);
  await world.provision();
});
afterAll(() => world.stop());

/** Resolves with the server's refusal, or null when the server lets it pass. */
async function refusalOf(identity: BusIdentity, attempt: (connection: NatsConnection) => void, options: ConnectionOptions = {}): Promise<string | null> {
  const connection = await world.connectAs(identity, { ...options, reconnect: false });
  const refusals: string[] = [];
  const listening = (async () => {
    for await (const status of connection.status()) if (status.type === 'error') refusals.push(status.error.message);
  })();
  attempt(connection);
  await connection.flush();
  await connection.close();
  await listening;
  return refusals[0] ?? null;
}

function mayNotPublish(identity: BusIdentity, subject: string): Promise<void> {
  return expect(refusalOf(identity, (connection) => connection.publish(subject, '{}'))).resolves.toMatch(/permissions violation/i);
}

function mayNotHear(identity: BusIdentity, subject: string): Promise<void> {
  return expect(refusalOf(identity, (connection) => void connection.subscribe(subject, { callback: () => {} }))).resolves.toMatch(/permissions violation/i);
}

describe('users of the bus', () => {
  it.each(serviceNames.flatMap((service) => serviceNames.filter((each) => each !== service).map((each) => [service, each] as const)))('%s overhears neither the inbox of %s nor everything', async (service, each) => {
    await mayNotHear(service, `${inboxPrefix(each)}.>`);
    await mayNotHear(service, '>');
    await mayNotHear(service, '_INBOX.>');
  });

  it.each(serviceNames)('%s hears no stream and no acknowledgement beside its consumers', async (service) => {
    for (const subject of ['cmd.>', 'evt.>', 'dead.>', 'domain.>', '$JS.>', '$SYS.>']) await mayNotHear(service, subject);
  });

  it.each([
    ['gateway', 'evt.dns.plan-made'], ['gateway', 'rpc.vault.lease'], ['gateway', 'domain.connect'], ['gateway', 'dead.cmd.dns.apply-connection'],
    ['credential-vault', 'cmd.dns.apply-connection'], ['credential-vault', 'evt.dns.plan-made'], ['credential-vault', 'rpc.dns.receipt'],
    ['dns-worker', 'cmd.dns.apply-connection'], ['dns-worker', 'evt.verify.verdict-reached'], ['dns-worker', 'rpc.vault.store-credential'], ['dns-worker', 'domain.events.live'],
    ['verifier', 'rpc.vault.lease'], ['verifier', 'rpc.gateway.replay-dead-letter'], ['dns-worker', 'rpc.verify.show-dead-letter'], ['provision', 'rpc.dns.replay-dead-letter'], ['intake', 'rpc.gateway.list-dead-letters'], ['verifier', 'evt.dns.changes-applied'], ['verifier', 'cmd.verify.detect-domain'],
    ['intake', 'cmd.dns.apply-connection'], ['intake', 'domain.events.accepted'], ['intake', 'rpc.vault.lease'],
    ['provision', 'cmd.dns.apply-connection'], ['provision', 'domain.connect'], ['provision', 'rpc.vault.lease'], ['provision', '$JS.API.CONSUMER.MSG.NEXT.COMMANDS.dns-commands'], ['provision', '$JS.API.STREAM.DELETE.COMMANDS'],
  ] as const)('%s may not publish %s', (identity, subject) => mayNotPublish(identity, subject));

  it.each(serviceNames)('%s may neither make, change nor delete streams and consumers, nor read or purge what they hold', async (service) => {
    for (const subject of [
      '$JS.API.STREAM.CREATE.X', '$JS.API.STREAM.UPDATE.COMMANDS', '$JS.API.STREAM.DELETE.COMMANDS', '$JS.API.STREAM.PURGE.COMMANDS', '$JS.API.STREAM.MSG.GET.COMMANDS', '$JS.API.STREAM.MSG.DELETE.COMMANDS',
      '$JS.API.DIRECT.GET.COMMANDS', '$JS.API.CONSUMER.CREATE.COMMANDS', '$JS.API.CONSUMER.CREATE.COMMANDS.x.cmd.dns.*', '$JS.API.CONSUMER.DURABLE.CREATE.COMMANDS.x', '$JS.API.CONSUMER.DELETE.COMMANDS.dns-commands',
    ]) await mayNotPublish(service, subject);
  });

  it.each(consumers.flatMap(({ stream, durable, service: owner }) => serviceNames.filter((each) => each !== owner).map((each) => [each, stream, durable] as const)))('%s takes nothing from and settles nothing of %s/%s', async (service, stream, durable) => {
    await mayNotPublish(service as ServiceName, `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`);
    await mayNotPublish(service as ServiceName, `$JS.ACK.${stream}.${durable}.1.1.1.1.1`);
  });

  it('lets a service pull, acknowledge and be told the state of its own consumer', async () => {
    const gateway = await world.connectAs('gateway');
    await jetstream(gateway).publish('cmd.dns.apply-connection', '{}', { msgID: 'one' });
    const worker = await world.connectAs('dns-worker');
    const consumer = await jetstream(worker).consumers.get('COMMANDS', 'dns-commands');

    const message = await consumer.next({ expires: 2_000 });
    await message?.ackAck();

    expect(message?.subject).toBe('cmd.dns.apply-connection');
    const seen = await (await jetstreamManager(gateway, { checkAPI: false })).streams.info('COMMANDS');
    expect(seen.state.messages).toBe(0);
  });

  it('lets a responder answer a question once, and nothing else', async () => {
    const gateway = await world.connectAs('gateway');
    const vault = await world.connectAs('credential-vault');
    const refusals: string[] = [];
    void (async () => {
      for await (const status of vault.status()) if (status.type === 'error') refusals.push(status.error.message);
    })();
    const stolen = `${inboxPrefix('gateway')}.somebody`;
    vault.subscribe('rpc.vault.*', { queue: 'credential-vault', callback: (_, message) => { message.respond('answer'); message.respond('again'); vault.publish(stolen, 'unasked'); } });
    await vault.flush();

    const answer = await gateway.request('rpc.vault.seal-key', '{}', { timeout: 2_000 });
    await vault.flush();

    expect(answer.string()).toBe('answer');
    expect(refusals).toHaveLength(2);
  });

  it('lets a publisher of one tenant ask for this tenant only, and hear of no other', async () => {
    const inboxOfTenant = `_INBOX_intake_${tenant}`;
    const asTenant = { user: `intake-${tenant}`, pass: `password-of-intake-${tenant}`, inboxPrefix: inboxOfTenant };
    const refused = async (attempt: (connection: NatsConnection) => void): Promise<string | null> => refusalOf('intake', attempt, asTenant);

    const acknowledged = await jetstream(await world.connectAs('intake', asTenant)).publish(`domain.connect.${tenant}`, '{}', { headers: headers() });

    expect(acknowledged.stream).toBe('INTAKE');
    expect(await refused((connection) => connection.publish(`domain.connect.${other}`, '{}'))).toMatch(/permissions violation/i);
    expect(await refused((connection) => connection.publish('domain.connect', '{}'))).toMatch(/permissions violation/i);
    expect(await refused((connection) => void connection.subscribe('domain.events.>', { callback: () => {} }))).toMatch(/permissions violation/i);
    expect(await refused((connection) => void connection.subscribe('_INBOX_intake.>', { callback: () => {} }))).toMatch(/permissions violation/i);
  });
});
