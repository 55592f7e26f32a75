import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadConfig } from '@connect/config';
import { systemClock, type Clock } from '@connect/domain';
import type { ServiceDefinition } from '@connect/messaging';
import { LOGGER, type Logger } from '@connect/observability';
import { GatewayConfig } from './gateway.config.js';
import { GatewayModule } from './gateway.module.js';
import { describeApi } from './http/edge/api-description.js';
import { ApiKeyGuard } from './http/edge/api-key.guard.js';
import { fastifyOptions, prepareEdge } from './http/edge/prepare-edge.js';
import { First1764000000000 } from './infrastructure/migrations/1764000000000-first.js';
import { innerApi } from './inner-api.js';

/** The gateway as a service: public port, inner port, consumers, relay, sweeper. */
export function gatewayService(clock: Clock = systemClock): ServiceDefinition<GatewayConfig> {
  return {
    service: 'gateway',
    config: (env) => loadConfig(GatewayConfig, env),
    database: { schema: 'gateway', migrations: [First1764000000000] },
    module: (config) => GatewayModule.forRoot(config, clock),
    http: (config) => ({ address: config.ADDRESS, port: config.PORT, fastify: fastifyOptions, prepare: (app) => prepare(app, config) }),
    innerRoutes: (app) => [innerApi(app)],
  };
}

function prepare(app: NestFastifyApplication, config: GatewayConfig): void {
  prepareEdge(app, app.get<Logger>(LOGGER), app.get(ApiKeyGuard));
  describeApi(app, { pages: config.DOCS });
}
