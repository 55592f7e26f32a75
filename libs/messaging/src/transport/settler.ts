import type { JsMsg } from '@nats-io/jetstream';
import { isConnectError, type ErrorCode } from '@connect/domain';
import type { Logger } from '@connect/observability';
import { ackWaitMs } from '../bus/provision-bus.js';
import { dead, later, type Outcome } from '../outcome.js';
import { backoffMs } from './backoff.js';

/** An error that carries no decision is tried this often before it is dead: about ten minutes, longer than any restart of a part. */
export const deliveriesOfUnknownErrors = 20;
/** A third of the consumers' ack wait. */
const workingEveryMs = Math.round(ackWaitMs / 3);

/** What of a message settling it needs. */
export type Settleable = Pick<JsMsg, 'subject' | 'seq' | 'info' | 'ack' | 'nak' | 'working' | 'term'>;
/** Keeps a message that cannot be handled; see DeadLetters. */
export type Burial<M> = { bury(message: M, code: ErrorCode, detail: string | null): Promise<void> };

/** Ends deliveries as their outcome says, and tells the bus meanwhile that work goes on, so that it does not deliver twice what takes long. */
export class Settler<M extends Settleable> {
  private readonly underWay = new Set<M>();
  private readonly heartbeat: NodeJS.Timeout;

  constructor(private readonly deadLetters: Burial<M>, private readonly log: Logger) {
    this.heartbeat = setInterval(() => {
      for (const message of this.underWay) message.working();
    }, workingEveryMs);
    this.heartbeat.unref();
  }

  /** Runs `handle` and settles the message; never throws. Returns the outcome. */
  async settle(message: M, handle: () => Promise<Outcome>): Promise<Outcome> {
    this.underWay.add(message);
    try {
      const outcome = await handle().catch((error: unknown) => this.outcomeOfError(message, error));
      return await this.end(message, outcome);
    } finally {
      this.underWay.delete(message);
    }
  }

  close(): void {
    clearInterval(this.heartbeat);
  }

  private async end(message: M, outcome: Outcome): Promise<Outcome> {
    switch (outcome.outcome) {
      case 'done':
        message.ack();
        return outcome;
      case 'later':
        message.nak(Math.max(1, Math.round(outcome.delayMs)));
        return outcome;
      case 'dead':
        return this.bury(message, outcome);
    }
  }

  private async bury(message: M, outcome: Extract<Outcome, { outcome: 'dead' }>): Promise<Outcome> {
    try {
      await this.deadLetters.bury(message, outcome.code, outcome.detail);
    } catch (error) {
      this.log.warn({ subject: message.subject, sequence: message.seq, err: error }, 'a dead letter could not be stored; trying again');
      return this.end(message, later({ delayMs: backoffMs('later', message.info.deliveryCount), reason: 'dead letter not stored' }));
    }
    this.log.error({ subject: message.subject, sequence: message.seq, code: outcome.code, detail: outcome.detail }, 'a message is dead');
    // Without a reason: nats-server 2.9 ignores a term that has one.
    message.term();
    return outcome;
  }

  private outcomeOfError(message: M, error: unknown): Outcome {
    const deliveries = message.info.deliveryCount;
    const outcome = outcomeOfError(error, deliveries);
    if (outcome.outcome !== 'dead' || outcome.code === 'internal') this.log.warn({ subject: message.subject, sequence: message.seq, deliveries, err: error }, 'a message was not handled');
    return outcome;
  }
}

/** What becomes of a message whose handler threw this, at its delivery number `deliveries`: its catalogue row decides. */
export function outcomeOfError(error: unknown, deliveries: number): Outcome {
  if (isConnectError(error) && error.code !== 'internal') {
    if (error.row.retry === 'never') return dead({ code: error.code, detail: error.detail });
    return later({ delayMs: error.retryAfterMs ?? backoffMs(error.row.retry, deliveries), reason: error.code });
  }
  if (deliveries >= deliveriesOfUnknownErrors) return dead({ code: 'internal', detail: error instanceof Error ? error.name : typeof error });
  return later({ delayMs: backoffMs('later', deliveries), reason: 'internal' });
}
