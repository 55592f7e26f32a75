import { Module, type DynamicModule } from '@nestjs/common';
import { LOGGER, type Logger } from './logger.js';
import { METRICS, type Metrics } from './metrics.js';

/** Gives every module the service's logger and metrics. */
@Module({})
export class ObservabilityModule {
  static forRoot({ log, metrics }: { log: Logger; metrics: Metrics }): DynamicModule {
    const providers = [{ provide: LOGGER, useValue: log }, { provide: METRICS, useValue: metrics }];
    return { module: ObservabilityModule, global: true, providers, exports: [LOGGER, METRICS] };
  }
}
