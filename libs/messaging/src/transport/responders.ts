import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { RequestDefinition, Refusal, ServiceName } from '@connect/contracts';
import { isConnectError } from '@connect/domain';
import { traceHeader, withTrace, type Logger } from '@connect/observability';

/** Answers requests over core NATS; replicas of a service share a queue group, so that each question is answered once. */
export class Responders {
  private readonly subscriptions: Subscription[] = [];
  private readonly inHand = new Set<Promise<void>>();

  constructor(private readonly connection: NatsConnection, private readonly service: ServiceName, private readonly log: Logger) {}

  add(definition: RequestDefinition, answer: (ask: unknown) => Promise<unknown>): void {
    const subscription = this.connection.subscribe(definition.subject, {
      queue: this.service,
      callback: (error, message) => {
        if (error !== null) {
          this.log.error({ subject: definition.subject, err: error }, 'requests are not answered');
          return;
        }
        const answering = withTrace(message.headers?.get(traceHeader), () => this.respond(definition, message, answer)).finally(() => this.inHand.delete(answering));
        this.inHand.add(answering);
      },
    });
    this.subscriptions.push(subscription);
  }

  /** No new questions; resolves when those in hand are answered. */
  async stop(): Promise<void> {
    await Promise.all(this.subscriptions.map((subscription) => subscription.drain()));
    await Promise.all(this.inHand);
  }

  private async respond(definition: RequestDefinition, message: Msg, answer: (ask: unknown) => Promise<unknown>): Promise<void> {
    const body = await this.answerOrRefusal(definition, message, answer);
    if (message.reply === undefined || message.reply === '') return;
    if (!this.send(definition, message, body)) this.send(definition, message, refusal('internal', null));
  }

  /** Whether the bus took it: it takes no message larger than 1 MiB, and none at all once it is closed. */
  private send(definition: RequestDefinition, message: Msg, body: unknown): boolean {
    try {
      return message.respond(JSON.stringify(body));
    } catch (error) {
      this.log.error({ subject: definition.subject, err: error }, 'an answer could not be sent');
      return false;
    }
  }

  private async answerOrRefusal(definition: RequestDefinition, message: Msg, answer: (ask: unknown) => Promise<unknown>): Promise<unknown> {
    try {
      const ask = definition.ask.safeParse(message.json());
      if (!ask.success) return refusal('malformed_message', ask.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
      return await answer(ask.data);
    } catch (error) {
      if (error instanceof SyntaxError) return refusal('malformed_message', 'not JSON');
      if (isConnectError(error) && error.code !== 'internal') return refusal(error.code, error.detail ?? null);
      this.log.error({ subject: definition.subject, err: error }, 'a request was not answered');
      return refusal('internal', null);
    }
  }
}

function refusal(refused: Refusal['refused'], detail: string | null): Refusal {
  return { refused, detail };
}
