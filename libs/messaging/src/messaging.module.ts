import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { LOGGER, type Logger } from '@connect/observability';
import { BUS_CONNECTION, connectBus } from './bus/connect-bus.js';
import { Requests } from './bus/requests.js';
import { MESSAGING_SETTINGS, type MessagingSettings } from './messaging-settings.js';
import { Inbox } from './outbox/inbox.js';
import { OutboxRelay } from './outbox/outbox-relay.js';
import { Outbox } from './outbox/outbox.js';
import { RelayNudge } from './outbox/relay-nudge.js';
import { BusServer } from './transport/bus-server.js';
import { DeadLetters } from './transport/dead-letters.js';

const offered = [BUS_CONNECTION, Outbox, Inbox, Requests, BusServer];

/** Gives every module the service's bus. Needs the `DataSource` of StorageModule, and LOGGER and METRICS of ObservabilityModule. */
@Module({})
export class MessagingModule implements OnApplicationShutdown {
  constructor(@Inject(BUS_CONNECTION) private readonly connection: NatsConnection) {}

  static forRoot(settings: MessagingSettings): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      providers: [
        { provide: MESSAGING_SETTINGS, useValue: settings },
        { provide: BUS_CONNECTION, inject: [LOGGER], useFactory: (log: Logger) => connectBus(settings.url, settings.service, { log }) },
        RelayNudge, Outbox, OutboxRelay, Inbox, Requests, DeadLetters, BusServer,
      ],
      exports: offered,
    };
  }

  /** After the relay, which is a provider of this module, has published what was left. */
  async onApplicationShutdown(): Promise<void> {
    if (!this.connection.isClosed()) await this.connection.drain();
  }
}
