import { Module, type DynamicModule } from '@nestjs/common';
import type { CommonConfig } from '@connect/config';
import type { ServiceName } from '@connect/contracts';
import { ObservabilityModule, type Logger, type Metrics } from '@connect/observability';
import { StorageModule } from '@connect/storage';
import { MessagingModule } from '../messaging.module.js';
import { dataSourceSettings, type ServiceDatabase } from './service-database.js';

export type PlatformSettings = { service: ServiceName; config: CommonConfig; database: ServiceDatabase; log: Logger; metrics: Metrics };

/** What every service stands on: `LOGGER`, `METRICS`, `DataSource`, `Outbox`, `Inbox`, `Requests`, `BUS_CONNECTION`, `BusServer`, in every module without an import. */
@Module({})
export class PlatformModule {
  static forRoot({ service, config, database, log, metrics }: PlatformSettings): DynamicModule {
    return {
      module: PlatformModule,
      imports: [
        ObservabilityModule.forRoot({ log, metrics }),
        StorageModule.forRoot(dataSourceSettings(service, config, database, log)),
        MessagingModule.forRoot({ service, url: config.NATS_URL, drainMs: config.SHUTDOWN_MS }),
      ],
    };
  }
}
