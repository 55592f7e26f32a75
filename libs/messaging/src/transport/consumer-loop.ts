import { setTimeout as pause } from 'node:timers/promises';
import type { ConsumerMessages, JetStreamClient, JsMsg } from '@nats-io/jetstream';
import type { ConsumerDefinition } from '@connect/contracts';
import { ignoreFailure } from '@connect/domain';
import type { Logger } from '@connect/observability';
import { beside } from '../beside.js';

export type ConsumerLoopSettings = {
  jetstream: JetStreamClient;
  consumer: ConsumerDefinition;
  /** How many messages are handled at once. */
  concurrency: number;
  /** Handles and settles one message; it does not throw. */
  deliver: (message: JsMsg) => Promise<void>;
  log: Logger;
};

const rebindAfterMs = 250;
const lost = new Set(['consumer_deleted', 'consumer_not_found', 'stream_not_found']);

/**
 * Pulls the messages of one durable consumer for as long as the service runs. nats.js by itself gets over a server that went away; where the consumer or its stream is gone
 * (a store that was lost) it would ask for the old one for ever, so the loop lets go and binds again until `provision` has made it.
 */
export class ConsumerLoop {
  private messages: ConsumerMessages | null = null;
  private readonly inHand = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private ended: Promise<void> = Promise.resolve();

  constructor(private readonly settings: ConsumerLoopSettings) {}

  start(): void {
    this.ended = this.run();
  }

  /** Is the consumer there, and are its messages being pulled? */
  get isBound(): boolean {
    return this.messages !== null;
  }

  /** Takes no more messages, gives back what is not begun, and resolves when all in hand are settled. */
  async stop(): Promise<void> {
    this.stopping.abort();
    beside(this.settings.log, 'closing the messages of a consumer', async () => this.messages?.close());
    await this.ended;
    await Promise.all(this.inHand);
  }

  private async run(): Promise<void> {
    let missedBefore = false;
    while (!this.stopping.signal.aborted) {
      try {
        await this.bindAndPull();
        missedBefore = false;
      } catch (error) {
        if (!missedBefore && !this.stopping.signal.aborted) this.settings.log.warn({ consumer: this.settings.consumer.durable, err: error }, 'the consumer is not there; trying again until it is');
        missedBefore = true;
      }
      this.messages = null;
      await pause(rebindAfterMs, undefined, { signal: this.stopping.signal }).catch((error: unknown) => ignoreFailure(error, 'the pause ends at a stop'));
    }
  }

  private async bindAndPull(): Promise<void> {
    const { jetstream, consumer, concurrency } = this.settings;
    const durable = await jetstream.consumers.get(consumer.stream, consumer.durable);
    if (this.stopping.signal.aborted) return;
    const messages = await durable.consume({ max_messages: concurrency, expires: 10_000, idle_heartbeat: 1_000 });
    this.messages = messages;
    beside(this.settings.log, 'following the messages of a consumer', () => this.letGoWhenLost(messages));
    for await (const message of messages) {
      if (this.inHand.size >= concurrency) await Promise.race(this.inHand);
      if (this.stopping.signal.aborted) message.nak();
      else this.take(message);
    }
  }

  private take(message: JsMsg): void {
    const handling = this.settings.deliver(message).finally(() => this.inHand.delete(handling));
    this.inHand.add(handling);
  }

  private async letGoWhenLost(messages: ConsumerMessages): Promise<void> {
    for await (const notice of messages.status()) {
      if (!lost.has(notice.type)) continue;
      this.settings.log.warn({ consumer: this.settings.consumer.durable, reason: notice.type }, 'the consumer is gone; binding again');
      await messages.close();
      return;
    }
  }
}
