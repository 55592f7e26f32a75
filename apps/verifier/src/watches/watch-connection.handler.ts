import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { recordSetFromWire, watchConnection, type DataOf, type Message } from '@connect/contracts';
import { done, Handles, type Outcome } from '@connect/messaging';
import type { WatchStore } from '../ports/watch-store.port.js';
import { WATCH_STORE } from '../tokens.js';
import { WatchRunner } from './watch-runner.js';

@Controller()
export class WatchConnectionHandler {
  constructor(@Inject(WATCH_STORE) private readonly store: WatchStore, @Inject(WatchRunner) private readonly runner: WatchRunner) {}

  @Handles(watchConnection)
  async handle(@Payload() message: Message<DataOf<typeof watchConnection>>): Promise<Outcome> {
    const { expectation, record_sets, dense } = message.data;
    await this.store.start(message.id, {
      connectionId: message.connection_id ?? '', tenantId: message.tenant_id, generation: message.generation, causationId: message.id, expectation, recordSets: record_sets.map(recordSetFromWire), isDense: dense,
    });
    this.runner.nudge();
    return done();
  }
}
