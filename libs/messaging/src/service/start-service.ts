import { setTimeout as pause } from 'node:timers/promises';
import { Module, type DynamicModule, type INestApplicationContext, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { NatsConnection } from '@nats-io/transport-node';
import { DataSource } from 'typeorm';
import type { CommonConfig, Environment } from '@connect/config';
import type { ServiceName } from '@connect/contracts';
import { ConnectError } from '@connect/domain';
import { createMetrics, InnerServer, nestLogger, type InnerRoute, type Logger, type Metrics, type ReadinessCheck } from '@connect/observability';
import { sql } from '@connect/storage';
import { BUS_CONNECTION } from '../bus/connect-bus.js';
import { BusServer } from '../transport/bus-server.js';
import { PlatformModule } from './platform.module.js';
import type { ServiceDatabase } from './service-database.js';

export type PublicHttp = {
  address: string;
  port: number;
  /** Before it listens: plugins, pipes, filters, documents. */
  prepare: (app: NestFastifyApplication) => Promise<void> | void;
  /** Options of Fastify, for example `bodyLimit`. */
  fastify?: Record<string, unknown>;
};

/** All that makes one service: what `apps/<app>/src/main.ts` says. */
export type ServiceDefinition<Config extends CommonConfig> = {
  service: ServiceName;
  /** Reads the settings; throws `configuration`. */
  config: (env: Environment) => Config;
  database: ServiceDatabase;
  /** The app's own module. The platform (see PlatformModule) is there already. */
  module: (config: Config) => Type | DynamicModule;
  /** A public port, for the gateway. */
  http?: (config: Config) => PublicHttp;
  /** More paths on the inner port. */
  innerRoutes?: (app: INestApplicationContext, config: Config) => InnerRoute[];
};

export type RunningService = {
  app: INestApplicationContext;
  /** `http://127.0.0.1:<port>` with /healthz, /readyz, /metrics. */
  innerUrl: string;
  httpUrl: string | null;
  /** Stops taking work, finishes what is in hand, publishes what is left, closes bus and pool. */
  stop(): Promise<void>;
};

@Module({})
class ServiceRoot {}

/** Starts a service in this process and resolves when it is ready: database there, bus there, its consumers bound. Does not migrate. */
export async function startService<Config extends CommonConfig>(definition: ServiceDefinition<Config>, config: Config, log: Logger): Promise<RunningService> {
  const metrics = createMetrics(definition.service, { process: config.NODE_ENV !== 'test' });
  const root: DynamicModule = {
    module: ServiceRoot,
    imports: [PlatformModule.forRoot({ service: definition.service, config, database: definition.database, log, metrics }), definition.module(config)],
  };
  const { app, httpUrl } = await (definition.http === undefined ? startWithoutHttp(root, log) : startWithHttp(root, log, definition.http(config)));
  const bus = app.get(BusServer);
  const inner = innerServer(app, bus, metrics, definition, config);
  const innerUrl = await inner.listen();
  while (!bus.isBound) await pause(10);
  return {
    app, innerUrl, httpUrl,
    async stop() {
      inner.drain();
      await bus.close();
      await app.close();
      await inner.close();
    },
  };
}

type Started = { app: INestApplicationContext; httpUrl: string | null };

async function startWithoutHttp(root: DynamicModule, log: Logger): Promise<Started> {
  const app = await NestFactory.createMicroservice(root, { logger: nestLogger(log), abortOnError: false, inject: [BusServer], useFactory: (bus: BusServer) => ({ strategy: bus }) });
  await app.listen();
  return { app, httpUrl: null };
}

async function startWithHttp(root: DynamicModule, log: Logger, http: PublicHttp): Promise<Started> {
  const { FastifyAdapter } = await import('@nestjs/platform-fastify');
  const app = await NestFactory.create<NestFastifyApplication>(root, new FastifyAdapter({ ...http.fastify }), { logger: nestLogger(log), abortOnError: false });
  app.connectMicroservice({ strategy: app.get(BusServer) });
  await http.prepare(app);
  await app.startAllMicroservices();
  await app.listen(http.port, http.address);
  return { app, httpUrl: (await app.getUrl()).replace('[::1]', '127.0.0.1') };
}

function innerServer<Config extends CommonConfig>(app: INestApplicationContext, bus: BusServer, metrics: Metrics, definition: ServiceDefinition<Config>, config: Config): InnerServer {
  const dataSource = app.get(DataSource);
  const connection = app.get<NatsConnection>(BUS_CONNECTION);
  const checks: ReadinessCheck[] = [
    { name: 'database', check: () => sql(dataSource.manager, 'SELECT 1') },
    { name: 'bus', check: () => connection.rtt() },
    { name: 'consumers', check: async () => { if (!bus.isBound) throw new ConnectError('unavailable', { detail: 'a consumer is not there' }); } },
  ];
  return new InnerServer({ address: config.INNER_ADDRESS, port: config.INNER_PORT, metrics, checks, routes: definition.innerRoutes?.(app, config) ?? [] });
}
