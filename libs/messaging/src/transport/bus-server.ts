import { Inject, Injectable } from '@nestjs/common';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { jetstream, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { isObservable, lastValueFrom } from 'rxjs';
import { DataSource } from 'typeorm';
import { consumers } from '@connect/contracts';
import { ConnectError, type Finding } from '@connect/domain';
import { Counter, Histogram, LOGGER, METRICS, traceHeader, withTrace, type Logger, type Metrics } from '@connect/observability';
import { BUS_CONNECTION } from '../bus/connect-bus.js';
import { MESSAGING_SETTINGS, type MessagingSettings } from '../messaging-settings.js';
import { dead, type Outcome } from '../outcome.js';
import { BusContext } from './bus-context.js';
import { ConsumerLoop } from './consumer-loop.js';
import { DeadLetterDesk } from './dead-letter-desk.js';
import { DeadLetters } from './dead-letters.js';
import type { HandlerRole } from './decorators.js';
import type { Delivery } from './delivery.js';
import { Responders } from './responders.js';
import { outcomeOfError, Settler } from './settler.js';

type Handler = MessageHandler & { extras?: { role?: HandlerRole } };
const defaultConcurrency = 32;

/** Nest's transport over the bus: event handlers take their messages from the service's durable consumers, answers come over core NATS. */
@Injectable()
export class BusServer extends Server implements CustomTransportStrategy {
  override readonly propagatesEventHandlerErrors = true;
  private loops: ConsumerLoop[] = [];
  private readonly responders: Responders;
  private readonly settler: Settler<JsMsg>;
  private readonly desk: DeadLetterDesk;
  private readonly handled: Counter<'consumer' | 'outcome'>;
  private readonly seconds: Histogram<'consumer'>;
  private closing: Promise<void> | null = null;

  constructor(
    @Inject(BUS_CONNECTION) private readonly connection: NatsConnection,
    @Inject(MESSAGING_SETTINGS) private readonly settings: MessagingSettings,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(METRICS) metrics: Metrics,
    @Inject(DeadLetters) deadLetters: DeadLetters,
    @Inject(DataSource) dataSource: DataSource,
  ) {
    super();
    this.desk = new DeadLetterDesk(dataSource, log, (delivery) => this.redeliver(delivery));
    this.settler = new Settler(deadLetters, log);
    this.responders = new Responders(connection, settings.service, log);
    this.handled = new Counter({ name: 'bus_messages_total', help: 'Messages by consumer and outcome', labelNames: ['consumer', 'outcome'], registers: [metrics] });
    this.seconds = new Histogram({ name: 'bus_message_seconds', help: 'Time to handle a message', labelNames: ['consumer'], buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10], registers: [metrics] });
  }

  /** Called by Nest when all handlers are known. */
  listen(callback: (error?: unknown) => void): void {
    try {
      const handlers = [...this.messageHandlers.values()] as Handler[];
      for (const handler of handlers) {
        const role = roleOf(handler);
        if (role.kind === 'answer') this.responders.add(role.definition, (ask) => resultOf(handler(ask)));
      }
      for (const { definition, answer } of this.desk.answers(this.settings.service)) this.responders.add(definition, (ask) => answer(ask as never));
      this.loops = consumers
        .filter((consumer) => consumer.service === this.settings.service)
        .map((consumer) => new ConsumerLoop({
          consumer, jetstream: jetstream(this.connection), concurrency: this.settings.concurrency ?? defaultConcurrency, log: this.log, deliver: (message) => this.deliver(message),
        }));
      for (const loop of this.loops) loop.start();
      callback();
    } catch (error) {
      callback(error);
    }
  }

  /** Are all consumers of the service there and pulled from? */
  get isBound(): boolean {
    return this.closing === null && this.loops.every((loop) => loop.isBound);
  }

  /** Takes nothing more and waits until what is in hand is settled, at most `drainMs`; what is not is delivered again elsewhere. Safe to call twice. */
  close(): Promise<void> {
    this.closing ??= this.drain();
    return this.closing;
  }

  on(): void {}

  unwrap<T>(): T {
    return this.connection as T;
  }

  private async drain(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => { timer = setTimeout(() => resolve('late'), this.settings.drainMs); });
    const stopped = Promise.all([...this.loops.map((loop) => loop.stop()), this.responders.stop()]);
    if ((await Promise.race([stopped, late])) === 'late') this.log.warn({ drain_ms: this.settings.drainMs }, 'work in hand did not finish in time; it is delivered again');
    clearTimeout(timer);
    this.settler.close();
  }

  private async deliver(message: JsMsg): Promise<void> {
    const { consumer } = message.info;
    const observe = this.seconds.startTimer({ consumer });
    await withTrace(message.headers?.get(traceHeader), async () => {
      const { outcome } = await this.settler.settle(message, () => this.handle(message));
      this.handled.inc({ consumer, outcome });
    });
    observe();
  }

  /** Handles a message that was kept, as if the bus had delivered it once more. */
  private async redeliver(delivery: Delivery): Promise<Outcome> {
    return withTrace(delivery.headers?.get(traceHeader), () => this.handle(delivery).catch((error: unknown) => {
      this.log.warn({ subject: delivery.subject, sequence: delivery.seq, err: error }, 'a message was not handled');
      return outcomeOfError(error, delivery.info.deliveryCount);
    }));
  }

  private async handle(message: Delivery): Promise<Outcome> {
    const handler = this.handlerFor(message.subject);
    // A newer replica may know it: tried again, at last dead.
    if (handler === null) throw new ConnectError('internal', { detail: `no handler for ${message.subject}` });
    const context = new BusContext([message]);
    const role = roleOf(handler);
    const body = parsed(message);
    if (role.kind !== 'message') return outcomeFrom(await resultOf(handler(body ?? { malformed: true }, context)));
    const checked = role.definition.schema.safeParse(body);
    if (!checked.success) return dead({ code: 'malformed_message', detail: wordsOf(checked.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))) });
    return outcomeFrom(await resultOf(handler(checked.data, context)));
  }

  private handlerFor(subject: string): Handler | null {
    const exact = this.messageHandlers.get(subject) as Handler | undefined;
    if (exact !== undefined) return exact;
    const parent = this.messageHandlers.get(subject.slice(0, Math.max(0, subject.lastIndexOf('.')))) as Handler | undefined;
    return parent !== undefined && roleOf(parent).kind === 'intake' ? parent : null;
  }
}

function roleOf(handler: Handler): HandlerRole {
  const role = handler.extras?.role;
  if (role === undefined) throw new ConnectError('internal', { detail: 'a handler on the bus is declared with Handles, HandlesIntake or Answers' });
  return role;
}

async function resultOf(returned: unknown): Promise<unknown> {
  const value: unknown = await returned;
  return isObservable(value) ? lastValueFrom(value, { defaultValue: undefined }) : value;
}

function outcomeFrom(value: unknown): Outcome {
  if (typeof value === 'object' && value !== null && 'outcome' in value) return value as Outcome;
  throw new ConnectError('internal', { detail: 'a handler has to return an outcome' });
}

/** The JSON of the payload, or undefined. */
function parsed(message: Delivery): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}

function wordsOf(findings: Finding[]): string {
  return findings.slice(0, 10).map(({ path, message }) => `${path}: ${message}`).join('; ');
}
