import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';
import { Module, type Type } from '@nestjs/common';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { commonConfig, loadConfig, type CommonConfig } from '@connect/config';
import type { ServiceName } from '@connect/contracts';
import { secret } from '@connect/domain';
import { startNats, type RunningNats } from '@connect/local-parts';
import { createLogger } from '@connect/observability';
import { temporaryFolder, testDatabase, type TemporaryFolder, type TestDatabase } from '@connect/testing';
import { z } from 'zod';
import { busUsers, natsAuthorization, type BusUser } from './bus/bus-users.js';
import { connectionOptions, type BusIdentity } from './bus/connect-bus.js';
import { provisionBus } from './bus/provision-bus.js';
import { messagingTables } from './messaging-tables.js';
import { migrateServiceDatabase } from './service/service-database.js';
import { startService, type RunningService, type ServiceDefinition } from './service/start-service.js';

/** A bus with the real users and permissions that can be killed and robbed of its store, and services on it with databases of their own. */
export class BusWorld {
  private readonly connections: NatsConnection[] = [];
  private readonly services: RunningService[] = [];
  private readonly databases = new Map<string, TestDatabase>();

  private constructor(private nats: RunningNats, private readonly users: readonly BusUser[], private readonly folder: TemporaryFolder) {}

  static async start(moreUsers: BusUser[] = []): Promise<BusWorld> {
    const users = [...busUsers, ...moreUsers];
    const folder = temporaryFolder('bus-world');
    return new BusWorld(await startNats({ dir: folder.path, config: natsAuthorization(users, passwordsOf(users)) }), users, folder);
  }

  url(user: string): string {
    return `nats://${user}:${passwordOf(user)}@127.0.0.1:${this.nats.port}`;
  }

  provision(): Promise<string[]> {
    return provisionBus(secret(this.url('provision')));
  }

  /** As one of the users, to try what it may do. */
  async connectAs(user: BusIdentity | 'operator', more: ConnectionOptions = {}): Promise<NatsConnection> {
    const connection = await connect({ ...connectionOptions(this.url(user), user === 'operator' ? 'provision' : user), ...more });
    this.connections.push(connection);
    return connection;
  }

  /** SIGKILL; what was not synced may be lost, nothing is said to the clients. */
  async kill(): Promise<void> {
    await this.nats.kill();
  }

  /** Only while the server is down. */
  loseStore(): void {
    rmSync(join(this.folder.path, 'jetstream'), { recursive: true, force: true });
  }

  /** Copies the store, for {@link restoreStore}. Only while the server is down. */
  keepStore(): void {
    cpSync(join(this.folder.path, 'jetstream'), join(this.folder.path, 'kept'), { recursive: true });
  }

  /** What a power cut does: the server comes back with what it had synced. Only while it is down. */
  restoreStore(): void {
    this.loseStore();
    cpSync(join(this.folder.path, 'kept'), join(this.folder.path, 'jetstream'), { recursive: true });
  }

  async restart(): Promise<void> {
    this.nats = await startNats({ dir: this.folder.path, port: this.nats.port, config: natsAuthorization(this.users, passwordsOf(this.users)) });
  }

  async database(service: ServiceName): Promise<TestDatabase> {
    const known = this.databases.get(service);
    if (known !== undefined) return known;
    const database = await testDatabase();
    this.databases.set(service, database);
    return database;
  }

  /** Starts a replica of a service that has these controllers, on the service's one database. */
  async startService(service: ServiceName, controllers: Type[], options: { shutdownMs?: number } = {}): Promise<RunningService> {
    const database = await this.database(service);
    const config = testConfig({ DATABASE_URL: database.url, NATS_URL: this.url(service), SHUTDOWN_MS: `${options.shutdownMs ?? 5_000}` });
    const log = createLogger({ service, level: 'fatal' });
    const definition: ServiceDefinition<CommonConfig> = { service, config: () => config, database: { schema: 'public', migrations: [First1764000000000] }, module: () => moduleOf(controllers) };
    await migrateServiceDatabase(definition, config, log);
    const running = await startService(definition, config, log);
    this.services.push(running);
    return running;
  }

  async stop(): Promise<void> {
    await Promise.all(this.services.map((service) => service.stop()));
    await Promise.all(this.connections.map((connection) => connection.close()));
    await this.nats.stop();
    await Promise.all([...this.databases.values()].map((database) => database.drop()));
    this.folder.remove();
  }
}

class First1764000000000 implements MigrationInterface {
  readonly name = 'First1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...messagingTables(), 'CREATE TABLE effect (message_id uuid NOT NULL, worker text NOT NULL)']) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE outbox, outbox_stream, inbox, dead_letter, effect');
  }
}

export function testConfig(settings: Record<string, string>): CommonConfig {
  return loadConfig(z.object(commonConfig), { NODE_ENV: 'test', LOG_LEVEL: 'error', ...settings });
}

function moduleOf(controllers: Type[]): Type {
  class TestModule {}
  Module({ controllers })(TestModule);
  return TestModule;
}

function passwordsOf(users: readonly BusUser[]): Record<string, string> {
  return Object.fromEntries(users.map(({ name }) => [name, passwordOf(name)]));
}

function passwordOf(user: string): string {
  return `password-of-${user}`;
}
