import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { unwatchConnection, type DataOf, type Message } from '@connect/contracts';
import { done, Handles, type Outcome } from '@connect/messaging';
import type { WatchStore } from '../ports/watch-store.port.js';
import { WATCH_STORE } from '../tokens.js';

@Controller()
export class UnwatchConnectionHandler {
  constructor(@Inject(WATCH_STORE) private readonly store: WatchStore) {}

  @Handles(unwatchConnection)
  async handle(@Payload() message: Message<DataOf<typeof unwatchConnection>>): Promise<Outcome> {
    await this.store.end(message.id, message.connection_id ?? '', message.tenant_id, message.generation);
    return done();
  }
}
