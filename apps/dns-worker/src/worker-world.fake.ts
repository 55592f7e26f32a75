import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { z } from 'zod';
import { applyConnection, changesApplied, leaseCredential, listCircuits, recordSetToWire, removeConnection, type DataOf, type Message, type MessageDefinition, type ProviderCircuit } from '@connect/contracts';
import { newId, newUuid, ownerName, recordValue, secret, systemClock, txtValue, type RecordSet } from '@connect/domain';
import { busUsers, natsAuthorization, newMessage, provisionBus, startService, type RunningService } from '@connect/messaging';
import { createLogger } from '@connect/observability';
import { publicJwk, sealLease, type LeaseTerms } from '@connect/sealing';
import { createDataSource, migrate } from '@connect/storage';
import { eventually, testBus, testDatabase, type TestBus, type TestDatabase } from '@connect/testing';
import { dnsWorker, DnsWorkerModule } from './dns-worker.module.js';
import { FakeDns } from './fake-provider.fake.js';
import { PostgresBudgets } from './infrastructure/postgres-budgets.store.js';
import { PostgresCircuits } from './infrastructure/postgres-circuits.store.js';

const spy = { name: 'spy', publish: ['cmd.dns.*', 'rpc.dns.*'], subscribe: ['>'], responds: false };
const passwords = Object.fromEntries([...busUsers.map((user) => user.name), 'spy'].map((name) => [name, `p${randomBytes(9).toString('hex')}`]));

/** A connection as the gateway knows it: what its commands have in common. */
export type Customer = { tenantId: string; applicationId: string; credentialId: string; connectionId: string; hostname: string };

/** A database, a bus with the product's own users, a vault that lends one token, a provider in memory, and workers that really run. */
export class WorkerWorld {
  readonly dns = new FakeDns();
  /** All facts in their order. */
  readonly facts: Message[] = [];
  readonly leases: LeaseTerms[] = [];
  logged = '';
  private readonly running: RunningService[] = [];

  private constructor(readonly database: TestDatabase, private readonly bus: TestBus, private readonly spying: NatsConnection) {}

  static async open(): Promise<WorkerWorld> {
    const [database, bus] = await Promise.all([testDatabase(), testBus({ config: natsAuthorization([...busUsers, spy], passwords) })]);
    await provisionBus(secret(bus.url.replace('nats://', `nats://provision:${passwords['provision']}@`)));
    const dataSource = await createDataSource({ url: secret(database.url), schema: 'dns_worker', migrations: dnsWorker.database.migrations, applicationName: 'test' }).initialize();
    await migrate(dataSource);
    await dataSource.destroy();
    const world = new WorkerWorld(database, bus, await bus.connect({ user: 'spy', pass: passwords['spy'] ?? '' }));
    world.spying.subscribe('evt.dns.*', { callback: (_error, message) => void world.facts.push(message.json<Message>()) });
    await world.spying.flush();
    await world.openVault();
    return world;
  }

  async startWorker(settings: Record<string, string> = {}, { isGuarded = false }: { isGuarded?: boolean } = {}): Promise<RunningService> {
    const config = dnsWorker.config({ NODE_ENV: 'test', LOG_LEVEL: 'debug', DATABASE_URL: this.database.url, NATS_URL: this.bus.url.replace('nats://', `nats://dns-worker:${passwords['dns-worker']}@`), BUDGET_SECRET: 'budget', ...settings });
    const log = createLogger({ service: 'dns-worker', level: 'debug', destination: { write: (line) => { this.logged += line; } } });
    const worker = await startService({ ...dnsWorker, module: () => DnsWorkerModule.forRoot(config, { door: (dataSource, tally) => (isGuarded ? this.dns.guardedDoor({ budgets: new PostgresBudgets(dataSource), circuits: new PostgresCircuits(dataSource) }, tally) : this.dns.door()) }) }, config, log);
    this.running.push(worker);
    return worker;
  }

  customer(hostname: string, like: Partial<Customer> = {}): Customer {
    return { tenantId: newId('tenant'), applicationId: newId('application'), credentialId: newId('credential'), connectionId: newId('connection'), hostname, ...like };
  }

  /** Sends a command as the gateway's outbox would, and returns its id. */
  async send<Schema extends z.ZodType>(definition: MessageDefinition<Schema>, customer: Customer, generation: number, data: z.infer<Schema>): Promise<string> {
    const isAboutConnection = definition.step !== 'check';
    const message = newMessage(definition, { tenantId: customer.tenantId, generation, ...(isAboutConnection ? { connectionId: customer.connectionId } : {}) }, data, systemClock);
    await jetstream(this.spying).publish(message.type, JSON.stringify(message));
    return message.id;
  }

  apply(customer: Customer, generation: number, sets: RecordSet[], more: Partial<DataOf<typeof applyConnection>> = {}): Promise<string> {
    return this.send(applyConnection, customer, generation, { ...target(customer), record_sets: sets.map(recordSetToWire), conflict_policy: 'upsert', approval: null, lane: 'interactive', ...more });
  }

  remove(customer: Customer, generation: number, more: Partial<DataOf<typeof removeConnection>> = {}): Promise<string> {
    return this.send(removeConnection, customer, generation, { ...target(customer), keep_records: false, ...more });
  }

  /** Applies, and waits until it is written. */
  async applied(...given: Parameters<WorkerWorld['apply']>): Promise<DataOf<typeof changesApplied>> {
    await this.apply(...given);
    return this.fact(changesApplied, given[0], given[1]);
  }

  /** What the gateway would be told of the providers. */
  async circuits(): Promise<ProviderCircuit[]> {
    return listCircuits.answer.parse((await this.spying.request(listCircuits.subject, '{}', { timeout: 5_000 })).json()).circuits;
  }

  /** The data of the newest fact of this kind about the connection, once there is one. */
  async fact<Schema extends z.ZodType>(definition: MessageDefinition<Schema>, customer: Customer, generation: number): Promise<z.infer<Schema>> {
    return (await eventually(() => this.factsOf(customer, generation).findLast((fact) => fact.type === definition.type), { what: `${definition.type} (seen: ${this.factsOf(customer, generation).map(({ type }) => type).join(', ')})`, timeoutMs: 15_000 })).data as z.infer<Schema>;
  }

  factsOf(customer: Customer, generation?: number): Message[] {
    return this.facts.filter((fact) => fact.connection_id === customer.connectionId && (generation === undefined || fact.generation === generation));
  }

  async settled(): Promise<void> {
    await eventually(async () => (await this.database.query<{ count: string }>(`SELECT count(*) FROM dns_worker.zone_work WHERE state = 'waiting'`))[0]?.count === '0', { what: 'all work is settled', timeoutMs: 20_000 });
  }

  async close(): Promise<void> {
    await Promise.all(this.running.map((worker) => worker.stop()));
    await this.bus.stop();
    await this.database.drop();
  }

  /** As the vault would, with one token for everybody. */
  private async openVault(): Promise<void> {
    const connection = await this.bus.connect({ user: 'credential-vault', pass: passwords['credential-vault'] ?? '', inboxPrefix: '_INBOX_credential_vault' });
    connection.subscribe('rpc.vault.lease', {
      callback: (_error, message) => {
        const { worker_jwk, ...terms } = leaseCredential.ask.parse(message.json());
        this.leases.push(terms);
        const at = Math.floor(Date.now() / 1000);
        void sealLease(publicJwk(worker_jwk), secret(this.token), { ...terms, lease_id: newUuid(), iat: at, exp: at + 60 }).then((lease) => message.respond(JSON.stringify({ lease })));
      },
    });
    await connection.flush();
  }

  token = 'right';
}

export function target({ applicationId, credentialId, hostname }: Customer) {
  return { application_id: applicationId, hostname, provider: 'fake', credential_id: credentialId, zone: null };
}

/** A set at a name of the zone at hand, or with `@` at its apex; texts are given without quotes. */
export function setsOf(apex: () => string) {
  return (name: string, type: string, ...values: string[]): RecordSet => ({
    ownerName: ownerName(name === '@' ? apex() : `${name}.${apex()}`), type, ttlSeconds: 300, values: values.map((value) => (type === 'TXT' ? txtValue(value) : recordValue(type, value))),
  });
}

/** Holds whoever comes until it is opened. */
export class Gate {
  held = 0;
  open: () => void = () => undefined;
  private readonly opened = new Promise<void>((resolve) => { this.open = resolve; });

  wait(): Promise<void> {
    this.held += 1;
    return this.opened;
  }
}
