import { Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { LOGGER, nestLogger, type InnerRoute, type Logger } from '@connect/observability';
import { fastifyOptions, prepareEdge } from './http/edge/prepare-edge.js';
import { OperatorGuard } from './http/edge/operator.guard.js';
import { innerEndpoints } from './http/endpoints.js';
import { CreateKey } from './keys/create-key.use-case.js';
import { CLOCK } from './ports/clock.port.js';
import { Database } from './ports/database.port.js';
import { DeadLetters } from './ports/dead-letters.port.js';
import { TenantStore } from './ports/key-store.port.js';
import { Providers } from './ports/providers.port.js';
import { WriteFreezes } from './ports/write-freezes.port.js';

const lent = [Database, TenantStore, CreateKey, Providers, WriteFreezes, DeadLetters, CLOCK, LOGGER];

@Module({})
class InnerApiModule {
  /** Uses the parts of the running service; makes none of its own. */
  static lentBy(service: INestApplicationContext): DynamicModule {
    return { module: InnerApiModule, controllers: innerEndpoints, providers: lent.map((token) => ({ provide: token, useFactory: (): unknown => service.get<unknown>(token, { strict: false }) })) };
  }
}

/** `/v1` of the inner port: an API of its own, so that no route of the operator can ever be reached through the public port. */
export function innerApi(service: INestApplicationContext): InnerRoute {
  const starting = start(service);
  return async (request, response) => {
    if (request.url?.startsWith('/v1/') !== true) return false;
    const app = await starting;
    app.getHttpAdapter().getInstance().routing(request, response);
    return true;
  };
}

async function start(service: INestApplicationContext): Promise<NestFastifyApplication> {
  const log = service.get<Logger>(LOGGER, { strict: false });
  const app = await NestFactory.create<NestFastifyApplication>(InnerApiModule.lentBy(service), new FastifyAdapter(fastifyOptions({ trustedProxies: [] })), { logger: nestLogger(log), abortOnError: false });
  prepareEdge(app, log, service.get(OperatorGuard, { strict: false }));
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}
